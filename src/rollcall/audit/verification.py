"""Looking through the chain: whether every sealed event is there, and says what it said."""

from __future__ import annotations

import enum
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from rollcall.audit import known_end, signing
from rollcall.audit.chain import SEALED, START, alone, digest_of
from rollcall.audit.cuts import CUT, signed_content
from rollcall.audit.known_end import KnownEnd
from rollcall.audit.leaves import (
    COLUMNS,
    Leaf,
    root_of,
    unpacked,
    unpacked_keys,
)
from rollcall.audit.leaves import digest_of as digest_of_event
from rollcall.audit.models import Cut, Event, Seal, Verification
from rollcall.audit.signing import SigningKeys

SEALS_AT_ONCE: Final = 10

EVERY: Final = timedelta(days=1)
"""How often workers verify: the whole chain is read for it."""


class HoleKind(enum.StrEnum):
    """What is wrong at a place of the chain."""

    REMOVED = "removed"
    CHANGED = "changed"
    INSERTED = "inserted"
    CUT_UNSIGNED = "cut_unsigned"
    SEAL_REMOVED = "seal_removed"
    SEAL_CHANGED = "seal_changed"
    SEAL_UNSIGNED = "seal_unsigned"
    END_REMOVED = "end_removed"

    @property
    def line(self) -> str:
        """What it means, in English."""
        return _LINES[self]


_LINES: Final = {
    HoleKind.REMOVED: "an event was removed",
    HoleKind.CHANGED: "an event was changed, or another one stands in its place",
    HoleKind.INSERTED: "an event was put in between",
    HoleKind.CUT_UNSIGNED: "a cut is not signed with this installation's key",
    HoleKind.SEAL_REMOVED: "a seal is missing",
    HoleKind.SEAL_CHANGED: "a seal was changed or moved",
    HoleKind.SEAL_UNSIGNED: "a seal is not signed with this installation's key",
    HoleKind.END_REMOVED: "a seal that was known is missing or another one: the end was removed, "
    "or the database is an older copy",
}


@dataclass(frozen=True, slots=True)
class Hole:
    """The first place at which the chain does not hold: the seal's number, the event's key or 0."""

    kind: HoleKind
    seal: int
    event: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What was found: how many seals hold, how many events stand in them, the first hole.

    `end` is the last seal that holds, to be kept elsewhere and asked for the next time. The
    `unsealed` events, the first of which is of `unsealed_since`, are vouched for by nobody yet.
    """

    seals: int
    events: int
    sealed_at: datetime | None
    end: KnownEnd | None
    unsealed: int
    unsealed_since: datetime | None
    hole: Hole | None


@dataclass(frozen=True, slots=True)
class _Trust:
    """What is believed: the keys that sign, and the ends that must be there."""

    keys: SigningKeys
    ends: tuple[KnownEnd, ...]


def verify(known: KnownEnd | None = None) -> Report:
    """Look through the whole chain up to the first hole, in bounded memory.

    A thousand events take a statement, and ten seals two. `known` is a seal that must be there,
    as an earlier report named it; the one that this machine has noted must be there too.

    Raises:
        SealBroken: the installation's keys are damaged.
    """
    ends = [end for end in (known, known_end.read()) if end is not None]
    trust = _Trust(signing.load(), tuple(ends))
    last: Seal | None = None
    events, hole = 0, None
    for seal in _seals():
        # Looked at twice before it is told: a cut in between looks like a hole.
        hole = _hole_at(seal, last, trust) and _confirmed(seal, last, trust)
        if hole:
            break
        events += seal.count - _removed(seal)
        last = seal
    number = last.number if last else 0
    # Whole in itself, and shorter than it once was.
    if hole is None and any(end.number > number for end in ends):
        hole = Hole(HoleKind.END_REMOVED, number + 1)
    return _report(last, events, hole)


def verify_and_note(known: KnownEnd | None = None) -> Report:
    """Verify, and keep for the portal how it was; where it held, the end is noted too."""
    report = verify(known)
    hole = report.hole
    kept = {
        "at": timezone.now(),
        "seals": report.seals,
        "events": report.events,
        "hole": hole.kind.value if hole else "",
        "hole_seal": hole.seal if hole else 0,
        "hole_event": hole.event if hole else 0,
    }
    Verification.objects.update_or_create(pk=1, defaults=kept)
    if report.end and not hole:
        known_end.remember(report.end.number, report.end.digest)
    return report


def verify_if_due() -> None:
    """Verify where nobody has for a day; every process that asks has the same row before it."""
    if not Verification.objects.filter(at__gt=timezone.now() - EVERY).exists():
        verify_and_note()


def _report(last: Seal | None, events: int, hole: Hole | None) -> Report:
    # behind the last seal that there is, and not the last that holds
    newest = Seal.objects.order_by("-number").values_list("last", flat=True).first() or 0
    unsealed = Event.objects.filter(pk__gt=newest)
    return Report(
        seals=last.number if last else 0,
        events=events,
        sealed_at=last.sealed_at if last else None,
        end=KnownEnd(last.number, bytes(last.digest)) if last else None,
        unsealed=unsealed.count(),
        unsealed_since=unsealed.aggregate(at=Min("timestamp"))["at"],
        hole=hole,
    )


def _seals() -> Iterator[Seal]:
    """Every seal in order, a few at a time: no cursor is held, which a pooler would not keep."""
    passed = 0
    seals = Seal.objects.order_by("number").prefetch_related("cuts")
    while some := list(seals.filter(number__gt=passed)[:SEALS_AT_ONCE]):
        yield from some
        passed = some[-1].number


def _hole_at(seal: Seal, before: Seal | None, trust: _Trust) -> Hole | None:
    return _hole_of_seal(seal, before, trust) or _hole_of_events(seal, before, trust.keys)


@transaction.atomic
def _confirmed(seal: Seal, before: Seal | None, trust: _Trust) -> Hole | None:
    """The hole, if it is there when nobody cuts: seal and events were not read in one moment."""
    alone()
    again = Seal.objects.prefetch_related("cuts").filter(number=seal.number).first()
    if again is None:
        return Hole(HoleKind.SEAL_REMOVED, seal.number)
    return _hole_at(again, before, trust)


def _hole_of_seal(seal: Seal, before: Seal | None, trust: _Trust) -> Hole | None:
    number = before.number + 1 if before else 1
    if seal.number != number:
        return Hole(HoleKind.SEAL_REMOVED, number)
    digest = bytes(seal.digest)
    previous = bytes(before.digest) if before else START
    if (
        bytes(seal.previous) != previous
        or digest != digest_of(seal)
        or not _keeps_order(seal, before)
    ):
        return Hole(HoleKind.SEAL_CHANGED, number)
    if not trust.keys.is_signed(SEALED, digest, bytes(seal.signature)):
        return Hole(HoleKind.SEAL_UNSIGNED, number)
    if any(end.number == number and end.digest != digest for end in trust.ends):
        return Hole(HoleKind.END_REMOVED, number)
    return None


def _keeps_order(seal: Seal, before: Seal | None) -> bool:
    return (before.last if before else 0) < seal.first <= seal.last


def _hole_of_events(seal: Seal, before: Seal | None, keys: SigningKeys) -> Hole | None:
    try:
        if any(not _is_signed(cut, keys) for cut in seal.cuts.all()):
            return Hole(HoleKind.CUT_UNSIGNED, seal.number)
        leaves = _expected(seal)
    except ValueError:
        return Hole(HoleKind.SEAL_CHANGED, seal.number)
    # one more than there may be: however many were put in, the memory stays what it is
    stored = Event.objects.filter(pk__gt=before.last if before else 0, pk__lte=seal.last)
    rows = list(stored.order_by("pk").values_list("pk", *COLUMNS)[: len(leaves) + 1])
    return _first_difference(seal.number, leaves, rows)


def _first_difference(
    number: int, leaves: dict[int, Leaf], rows: list[tuple[Any, ...]]
) -> Hole | None:
    left = iter(rows)
    row = next(left, None)
    for key, leaf in sorted(leaves.items()):
        if row is None or row[0] > key:
            return Hole(HoleKind.REMOVED, number, key)
        if row[0] < key:
            return Hole(HoleKind.INSERTED, number, row[0])
        if not hmac.compare_digest(digest_of_event(leaf.salt, row), leaf.digest):
            return Hole(HoleKind.CHANGED, number, key)
        row = next(left, None)
    return Hole(HoleKind.INSERTED, number, row[0]) if row else None


def _expected(seal: Seal) -> dict[int, Leaf]:
    """The leaf of each event that must be there, by key, the cuts taken into account.

    Raises:
        ValueError: the leaves are not those that were sealed.
    """
    if not seal.leaves and _removed(seal) == seal.count:
        return {}
    leaves = unpacked(bytes(seal.leaves))
    if root_of(leaves) != bytes(seal.root) or len(leaves) != seal.count:
        raise ValueError("other leaves")
    expected = {leaf.key: leaf for leaf in leaves}
    # In the order of the cuts: of an event in several the newest counts.
    for cut in seal.cuts.all():
        expected.update({leaf.key: leaf for leaf in unpacked(bytes(cut.redacted))})
        for key in unpacked_keys(bytes(cut.removed)):
            expected.pop(key, None)
    return expected


def _removed(seal: Seal) -> int:
    """How many of the events were removed by cuts."""
    return len({key for cut in seal.cuts.all() for key in unpacked_keys(bytes(cut.removed))})


def _is_signed(cut: Cut, keys: SigningKeys) -> bool:
    return keys.is_signed(CUT, signed_content(cut), bytes(cut.signature))
