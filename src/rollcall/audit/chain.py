"""The chain: events are sealed in batches; a seal is signed and holds the digest of the one before.

What is recorded costs nothing more than its row. A chore seals what has been recorded since, every
few minutes: until then an event is protected by nothing but the rights to the database, and
whoever may write there can change or delete it unseen. Once sealed, it can be changed, deleted,
put in between or moved by nobody who has not the installation's keys (`sealing.key` in the data
folder, never in the database) without `verification` telling.

A seal ends below every event that may still appear. Keys are given out when events are written
and not when they are committed: on PostgreSQL a lower key may come to light after a higher one. So
the newest key is looked at first, then who is writing events at that moment; when all of those
have ended, everything up to that key is there. SQLite has one writer at a time.
"""

from __future__ import annotations

import hashlib
import json
import time
from datetime import UTC
from typing import Final

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from rollcall.audit import known_end, signing
from rollcall.audit.leaves import COLUMNS, leaf_of, packed, root_of
from rollcall.audit.models import Event, Seal

AT_ONCE: Final = 1000
"""How many events one seal holds at the most."""

PATIENCE_SECONDS: Final = 20.0
"""How long to wait for who is just writing events; longer, and they are sealed next time."""

START: Final = bytes(32)
"""What stands for the seal before the first one."""

SEALED: Final = "audit seal"
"""What is signed where a seal is."""

# Whoever inserts holds this lock on the table until its transaction ends (PostgreSQL, "Explicit
# Locking").
_WRITERS: Final = (
    "SELECT virtualtransaction FROM pg_locks WHERE mode = 'RowExclusiveLock' AND relation = "
    "%s::regclass AND pid <> pg_backend_pid() AND database = "
    "(SELECT oid FROM pg_database WHERE datname = current_database())"
)


def seal_due(patience: float = PATIENCE_SECONDS) -> int:
    """Seal what has been recorded, a thousand events in two or three statements; how many.

    Harmless in several processes at once. `patience` is in seconds; nothing is sealed where
    somebody who was writing has not ended by then.

    Raises:
        SealBroken: the installation's keys are damaged.
    """
    newest = settled(patience)
    sealed = 0
    while count := _seal_next(newest):
        sealed += count
    return sealed


def alone() -> None:
    """Let nobody else seal or cut until the transaction ends; SQLite has one writer as it is."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # This lock keeps out writers and itself; reading goes on.
            cursor.execute(f"LOCK TABLE {Seal._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


def last_seal() -> Seal | None:
    """The newest seal, without its leaves; None while nothing is sealed."""
    return Seal.objects.defer("leaves").order_by("-number").first()


def digest_of(seal: Seal) -> bytes:
    """The digest of a seal and, through the one before, of all that came before."""
    # A list, since the order is a part of what is signed.
    header = [
        seal.version,
        seal.number,
        seal.sealed_at.astimezone(UTC).isoformat(),
        seal.first,
        seal.last,
        seal.count,
        bytes(seal.root).hex(),
        bytes(seal.previous).hex(),
    ]
    return hashlib.sha256(json.dumps(header).encode()).digest()


@transaction.atomic
def _seal_next(newest: int) -> int:
    alone()
    before = last_seal()
    events = Event.objects.filter(pk__gt=before.last if before else 0, pk__lte=newest)
    rows = list(events.order_by("pk").values_list("pk", *COLUMNS)[:AT_ONCE])
    if not rows:
        return 0
    leaves = [leaf_of(row) for row in rows]
    seal = Seal(
        number=before.number + 1 if before else 1,
        first=leaves[0].key,
        last=leaves[-1].key,
        count=len(leaves),
        sealed_at=timezone.now(),
        leaves=packed(leaves),
        root=root_of(leaves),
        previous=before.digest if before else START,
    )
    seal.digest = digest_of(seal)
    seal.signature = signing.load_or_make().sign(SEALED, seal.digest)
    seal.save(force_insert=True)
    # Once it is there: a seal that was taken back would later be missed as removed.
    transaction.on_commit(lambda: known_end.remember(seal.number, bytes(seal.digest)))
    return seal.count


def settled(patience: float = PATIENCE_SECONDS) -> int:
    """The key up to which no event can appear any more; 0 where none can be told.

    `patience` is in seconds: how long to wait for who is just writing events.
    """
    # in this order: who has a key up to the newest had begun to write before it was looked at
    newest = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
    if connection.vendor != "postgresql":
        return int(newest)
    until = time.monotonic() + patience
    writers = _writers()
    # Those of then alone: whoever has begun since is given higher keys.
    while writers and writers & _writers():
        if time.monotonic() > until:
            return 0
        time.sleep(0.05)
    return int(newest)


def _writers() -> set[str]:
    """The transactions that may be writing events: each has its lock since before the first."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS, [Event._meta.db_table])
        return {writer for (writer,) in cursor.fetchall()}
