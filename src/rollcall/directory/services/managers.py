"""Sets managers: one statement for a batch, whatever its size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from typing import Final, TypeAlias

from django.db import connection, transaction
from django.utils import timezone

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Entry, Target, record_many
from rollcall.core.refusal import Refusal
from rollcall.database.json_values import as_json, merged_json
from rollcall.directory.hierarchy import let_nobody_else_link, manager_refusals
from rollcall.directory.models import ChangeKind, ObjectType, User
from rollcall.directory.services.notes import Note, note
from rollcall.directory.services.results import GONE, ManagerChange, Refused

Row: TypeAlias = "tuple[str, str | None]"
"""A user's id, and its manager's."""

MOVED: Final = Refused((Refusal("manager", "moved"),))
"""What a link is answered with that somebody else has changed since it was wished."""

COLUMNS = ("id", "username", "manager_id")


def set_managers(
    actor: Actor, source: str, changes: Sequence[ManagerChange]
) -> list[Refused | None]:
    """Set or clear the managers of users; in their order, None or why it was refused.

    All of them count at once: two users may change places. SQLite is several times faster where
    this is called outside a transaction (or inside `without_looking_after_references`).
    """
    with without_looking_after_references(), transaction.atomic(savepoint=False):
        return _set_managers(actor, source, changes)


@contextmanager
def without_looking_after_references() -> Iterator[None]:
    """SQLite writes every index entry of a user anew only because its table refers to itself.

    Both ends of each link are there: that has been looked up in the same transaction. Has to be
    entered before a transaction begins; within one it changes nothing.
    """
    # Django's own `constraint_checks_disabled` asks as well whether it worked.
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    _look_after_references("OFF")
    try:
        yield
    finally:
        _look_after_references("ON")


def _look_after_references(switch: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA foreign_keys = {switch}")


def _set_managers(
    actor: Actor, source: str, changes: Sequence[ManagerChange]
) -> list[Refused | None]:
    let_nobody_else_link()
    # The managers too: nobody may delete one before the links to them are committed.
    ids = {change.user_id for change in changes} | {change.manager_id for change in changes}
    held = User.objects.select_for_update(no_key=True).filter(pk__in=ids - {None})
    users = {row[0]: row[1:] for row in held.order_by("id").values_list(*COLUMNS)}
    kept = [change for change in changes if change.user_id in users and _moved(change, users)]
    moved = {change.user_id for change in kept}
    wishes = {
        change.user_id: change.manager_id
        for change in changes
        if change.user_id in users and change.user_id not in moved
    }
    known = {user_id: manager for user_id, (_, manager) in users.items()}
    refusals = manager_refusals(wishes, known)
    refused = {key: Refused((refusal,)) for key, refusal in refusals.items()}
    refused.update({change.user_id: GONE for change in changes if change.user_id not in users})
    refused.update({change.user_id: MOVED for change in kept})
    now = timezone.now()
    rows: list[Row] = []
    entries: list[Entry] = []
    for change in changes:
        if change.user_id in refused:
            continue
        username, before = users[change.user_id]
        if before != change.manager_id:
            rows.append((change.user_id, change.manager_id))
            target = Target(ObjectType.USER.value, change.user_id, username)
            entries.append(Entry(target, {"manager": before}, {"manager": change.manager_id}))
    if rows:
        _write(rows, source, now)
        record_many(actor, Action.USER_UPDATE, entries)
        notes = (Note(user_id, fields=("manager",)) for user_id, _ in rows)
        note(ObjectType.USER, ChangeKind.UPDATED, notes, now)
    return [refused.get(change.user_id) for change in changes]


def _moved(change: ManagerChange, users: Mapping[str, Sequence[str | None]]) -> bool:
    """Whether the user has neither the manager that the writer saw nor the one to have."""
    now = users[change.user_id][1]
    return change.seen is not None and now not in (*change.seen, change.manager_id)


def _write(rows: Sequence[Row], source: str, now: datetime) -> None:
    table = User._meta.db_table
    merged = merged_json(f"{table}.provenance", "%s")
    stamp = as_json({"manager": [source, now.isoformat()]})
    places = ", ".join(["(%s, %s)"] * len(rows))
    # the ORM would spell this as a CASE of one branch a user, which costs the batch's square
    statement = (
        f"WITH link (user_id, manager_id) AS (VALUES {places}) "  # noqa: S608
        f"UPDATE {table} SET manager_id = link.manager_id, provenance = {merged}, updated = %s "
        f"FROM link WHERE {table}.id = link.user_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*chain.from_iterable(rows), stamp, now])
