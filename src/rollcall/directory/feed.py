"""The change feed: what has changed in the directory, in order, to be gone on with at any time.

A reader keeps its `Cursor` and asks for what came after it. The order is that of
(transaction, id). On PostgreSQL a transaction with a lower id may be committed after one with a
higher id, and numbers of rows do not show that: so only changes of transactions older than every
one still at work are given out. What a reader has passed is then complete; nothing waits for a
lock, and the price is that a change is seen when the transactions beside it have ended. SQLite
has one writer at a time, and its rows are in order as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan
from django.utils import timezone

from rollcall.directory.models import ChangeKind, DirectoryChange
from rollcall.jobs.forgetting import AT_ONCE, most

MOST: Final = 5000
"""How many changes are given out at once, at the most."""

# By way of text: PostgreSQL casts its xid8 to no number.
_HORIZON = (
    "SELECT CAST(CAST(pg_snapshot_xmin(snapshot) AS text) AS bigint), "
    "CAST(CAST(pg_snapshot_xmax(snapshot) AS text) AS bigint) "
    "FROM (SELECT pg_current_snapshot() AS snapshot) AS now"
)
_EVERYTHING: Final = 2**63 - 1


class FeedLost(Exception):
    """What came after the cursor is no longer known: read everything anew, from `position()` on."""


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A place in the feed: behind the change with these numbers."""

    transaction: int
    sequence: int

    def text(self) -> str:
        """The cursor as a short text, for whoever keeps it."""
        return f"{self.transaction}-{self.sequence}"

    @classmethod
    def from_text(cls, text: str) -> Cursor:
        """The cursor that `text` wrote down.

        Raises:
            ValueError: it is no cursor.
        """
        left, _, right = text.partition("-")
        return cls(int(left), int(right))


def position() -> Cursor:
    """Where the feed is now: take it first, read the whole directory, then follow from here.

    What is being written meanwhile may be seen twice, in the directory and in the feed.
    """
    oldest, _ = _horizon()
    # Before the oldest that still runs: what it will have written comes behind this place.
    if oldest != _EVERYTHING:
        return Cursor(oldest, 0)
    last = DirectoryChange.objects.order_by("-transaction", "-id").first()
    return Cursor(last.transaction, last.id) if last else Cursor(0, 0)


def changes_after(cursor: Cursor, limit: int = 1000) -> Sequence[DirectoryChange]:
    """The next changes behind the cursor, in order; fewer than `limit` where there are no more yet.

    Raises:
        FeedLost: changes behind the cursor were forgotten, or it is of another database.
    """
    oldest, newest = _horizon()
    if cursor.transaction > newest:  # the database was restored from a dump into another server
        raise FeedLost
    changes = list(_behind(cursor).filter(transaction__lt=oldest)[: min(limit, MOST)])
    if changes and changes[0].kind == ChangeKind.FORGOTTEN:
        raise FeedLost
    return changes


def cursor_of(change: DirectoryChange) -> Cursor:
    """The place behind this change."""
    return Cursor(change.transaction, change.id)


def shorten() -> int:
    """Let go of what is older than `KEEP_RUNS`, some at a time; how many changes.

    One pass takes a share of all that there are, so that a wrong clock erases little.
    """
    before = timezone.now() - settings.KEEP_RUNS
    left, gone = most(DirectoryChange.objects.count()), 0
    while left > 0 and (some := forget(before, min(left, AT_ONCE))):
        left, gone = left - some, gone + some
    return gone


@transaction.atomic
def forget(before: datetime, limit: int = AT_ONCE) -> int:
    """Let go of the oldest changes, as far as they are of before then; how many.

    A mark stays, for readers that are behind.
    """
    oldest, _ = _horizon()
    # Not beyond the horizon: what is still being written would come in behind the mark and be lost.
    old: QuerySet[DirectoryChange] = DirectoryChange.objects.filter(
        at__lt=before, transaction__lt=oldest
    )
    # One more than are let go, since the last of them becomes the mark.
    places = list(old.order_by("transaction", "id").values_list("transaction", "id")[: limit + 1])
    if not places:
        return 0
    last = Cursor(*places[-1])
    DirectoryChange.objects.filter(pk=last.sequence).update(
        kind=ChangeKind.FORGOTTEN, object_id="", other_id="", fields=[]
    )
    beside = Q(transaction=last.transaction, id__lt=last.sequence)
    passed = Q(transaction__lt=last.transaction) | beside
    return DirectoryChange.objects.filter(passed).delete()[0]


def _behind(cursor: Cursor) -> QuerySet[DirectoryChange]:
    changes = DirectoryChange.objects.order_by("transaction", "id")
    if connection.vendor == "sqlite":  # which makes a scan of the general condition
        return changes.filter(id__gt=cursor.sequence).order_by("id")
    place = (cursor.transaction, cursor.sequence)
    return changes.filter(TupleGreaterThan(Tuple("transaction", "id"), place))


def _horizon() -> tuple[int, int]:
    """Below which transactions everything has ended, and the first one that is yet to come."""
    if connection.vendor != "postgresql":
        return _EVERYTHING, _EVERYTHING
    with connection.cursor() as cursor:
        cursor.execute(_HORIZON)
        oldest, newest = cursor.fetchone()
    return int(oldest), int(newest)
