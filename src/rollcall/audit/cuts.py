"""Cuts: what retention and erasing take out of sealed events, signed, so that it leaves no hole.

A cut names the events that are gone or say less; their digests stay in the seal, their salts are
destroyed, so that nobody can find out by trying what an event once said.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Final

from django.db import transaction
from django.db.models import Max, Min, QuerySet
from django.utils import timezone

from rollcall.audit import signing
from rollcall.audit.actor import Actor
from rollcall.audit.chain import alone
from rollcall.audit.leaves import (
    COLUMNS,
    Leaf,
    leaf_of,
    packed,
    packed_keys,
    root_of,
    unpacked,
    unpacked_keys,
    without_salts,
)
from rollcall.audit.models import Cut, CutReason, Event, Seal
from rollcall.audit.signing import SigningKeys

SEALS_AT_ONCE: Final = 10
"""How many seals one transaction cuts from: ten thousand events at the most."""

CUT: Final = "audit cut"
"""What is signed where a cut is."""

Redaction = Callable[[Event], None]
"""Takes out of an event what it says of somebody."""


def remove(actor: Actor, events: QuerySet[Event], reason: CutReason) -> int:
    """Delete those of these events that are sealed, and sign that they were; how many.

    Ten thousand events, in a transaction of their own, take some ten statements.

    Raises:
        SealBroken: the installation's keys are damaged.
    """
    act = _Act(actor, reason, signing.load_or_make())
    return sum(_remove_from(act, events, seals) for seals in _stretches(events))


def redact(actor: Actor, events: QuerySet[Event], redaction: Redaction, reason: CutReason) -> int:
    """Take something out of these events, and sign that it was; how many events.

    Those that are not sealed yet are changed without a cut: what is sealed later is what is left.

    Raises:
        SealBroken: the installation's keys are damaged.
    """
    act = _Act(actor, reason, signing.load_or_make())
    done = sum(_redact_in(act, events, seals, redaction) for seals in _stretches(events))
    return done + _redact_unsealed(events, redaction)


def signed_content(cut: Cut) -> bytes:
    """What the signature of a cut is of: everything but the salts."""
    header = [
        cut.seal_id,
        cut.at.astimezone(UTC).isoformat(),
        cut.reason,
        cut.door,
        cut.by,
        cut.count,
        bytes(cut.removed).hex(),
        root_of(unpacked(bytes(cut.redacted))).hex(),
    ]
    return hashlib.sha256(json.dumps(header).encode()).digest()


@dataclass(frozen=True, slots=True)
class _Act:
    actor: Actor
    reason: CutReason
    keys: SigningKeys

    def cut(self, seal: Seal, removed: Sequence[int] = (), redacted: Sequence[Leaf] = ()) -> Cut:
        """The signed cut from this seal."""
        cut = Cut(
            seal=seal,
            at=timezone.now(),
            reason=self.reason.value,
            door=self.actor.door.value,
            # An administrator's name is an e-mail, and a cut is kept for ever.
            by=self.actor.id or self.actor.name,
            count=len(removed) + len(redacted),
            removed=packed_keys(removed),
            redacted=packed(redacted),
        )
        cut.signature = self.keys.sign(CUT, signed_content(cut))
        return cut


def _stretches(events: QuerySet[Event]) -> Iterator[list[int]]:
    """The numbers of the seals that hold some of these events, a few at a time and in order."""
    bounds = events.aggregate(first=Min("pk"), last=Max("pk"))
    if bounds["first"] is None:
        return
    passed = bounds["first"] - 1
    while passed < bounds["last"]:
        ahead = events.filter(pk__gt=passed).order_by("pk").values_list("pk", flat=True).first()
        if ahead is None:
            return
        # From the next such event on: seals between, of which nothing goes, are not read.
        seals = Seal.objects.filter(last__gte=ahead).order_by("number")
        some = list(seals.values_list("number", "last")[:SEALS_AT_ONCE])
        if not some:
            return
        passed = some[-1][1]
        yield [number for number, _ in some]


@transaction.atomic
def _remove_from(act: _Act, events: QuerySet[Event], numbers: list[int]) -> int:
    alone()
    seals = _seals(numbers)
    # Before the deletion, after which nobody could say which they were.
    keys = sorted(_within(events, seals).values_list("pk", flat=True))
    _within(events, seals).delete()
    cuts = []
    for seal in seals:
        if removed := [key for key in keys if seal.first <= key <= seal.last]:
            _forget_salts(seal, removed)
            cuts.append(act.cut(seal, removed=removed))
            # Nothing is left to vouch for; its root stays, for the chain.
            if _all_gone(seal, removed):
                seal.leaves = b""
    return _store(seals, cuts)


@transaction.atomic
def _redact_in(act: _Act, events: QuerySet[Event], numbers: list[int], redaction: Redaction) -> int:
    alone()
    seals = _seals(numbers)
    leaves = _redacted(_within(events, seals), redaction)
    cuts = []
    for seal in seals:
        if redacted := [leaf for leaf in leaves if seal.first <= leaf.key <= seal.last]:
            _forget_salts(seal, [leaf.key for leaf in redacted])
            cuts.append(act.cut(seal, redacted=redacted))
    return _store(seals, cuts)


@transaction.atomic
def _redact_unsealed(events: QuerySet[Event], redaction: Redaction) -> int:
    alone()
    # Nobody seals meanwhile: what is sealed has to be what is then stored.
    sealed = Seal.objects.aggregate(last=Max("last"))["last"] or 0
    return len(_redacted(events.filter(pk__gt=sealed), redaction))


def _redacted(events: QuerySet[Event], redaction: Redaction) -> list[Leaf]:
    rows = list(events.order_by("pk"))
    for event in rows:
        redaction(event)
    Event.objects.bulk_update(rows, COLUMNS, batch_size=500)
    keys = [event.pk for event in rows]
    # as they are stored now, which is not always letter for letter what was handed in
    stored = Event.objects.in_bulk(keys) if keys else {}
    return [leaf_of((key, *(getattr(stored[key], name) for name in COLUMNS))) for key in keys]


def _seals(numbers: list[int]) -> list[Seal]:
    seals = Seal.objects.filter(number__in=numbers).order_by("number")
    return list(seals.prefetch_related("cuts"))


def _within(events: QuerySet[Event], seals: Sequence[Seal]) -> QuerySet[Event]:
    return events.filter(pk__gte=seals[0].first, pk__lte=seals[-1].last)


def _forget_salts(seal: Seal, keys: Collection[int]) -> None:
    """Destroy the salts of these events, also those that earlier cuts gave them."""
    gone = frozenset(keys)
    seal.leaves = without_salts(bytes(seal.leaves), gone)
    for cut in seal.cuts.all():
        cut.redacted = without_salts(bytes(cut.redacted), gone)


def _all_gone(seal: Seal, removed: Collection[int]) -> bool:
    gone = {key for cut in seal.cuts.all() for key in unpacked_keys(bytes(cut.removed))}
    return len(gone.union(removed)) == seal.count


def _store(seals: Sequence[Seal], cuts: Sequence[Cut]) -> int:
    concerned = {cut.seal_id for cut in cuts}
    changed = [seal for seal in seals if seal.number in concerned]
    earlier = [cut for seal in changed for cut in seal.cuts.all() if cut.redacted]
    Seal.objects.bulk_update(changed, ["leaves"])
    Cut.objects.bulk_update(earlier, ["redacted"], batch_size=100)
    Cut.objects.bulk_create(cuts)
    return sum(cut.count for cut in cuts)
