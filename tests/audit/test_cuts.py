"""Retention and erasing leave signed cuts: the chain holds, and nobody can guess what was there."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rollcall.audit import chain, cuts, leaves, retention
from rollcall.audit.actions import Action
from rollcall.audit.actor import ROLLCALL
from rollcall.audit.models import Cut, CutReason, Event, Seal
from rollcall.audit.verification import HoleKind, verify
from tests.actors import ADMIN
from tests.audit.events import make_old, seal_in_parts, write

pytestmark = pytest.mark.django_db


def blank(event: Event) -> None:
    event.target_name = ""
    event.changes = []


def salts(packed: bytes | memoryview) -> dict[int, bytes]:
    return {leaf.key: leaf.salt for leaf in leaves.unpacked(bytes(packed))}


def test_retention_leaves_a_signed_cut_and_no_hole() -> None:
    seal_in_parts(4, 4)
    make_old(500, target_id__in=["0", "2", "1001"])
    assert [retention.forget(), retention.forget()] == [2, 1]  # a share in one pass
    report = verify()
    assert (report.events, report.hole) == (5, None)
    told = [(cut.seal_id, cut.reason, cut.by, cut.count) for cut in Cut.objects.all()]
    assert told == [(1, "retention", "Rollcall", 2), (2, "retention", "Rollcall", 1)]


def test_salts_of_what_is_gone_are_destroyed_and_the_others_kept() -> None:
    seal_in_parts(3)
    gone = Event.objects.get(target_id="1")
    cuts.remove(ROLLCALL, Event.objects.filter(pk=gone.pk), CutReason.RETENTION)
    kept = salts(Seal.objects.get().leaves)
    assert [key for key, salt in kept.items() if salt == leaves.NO_SALT] == [gone.pk]


def test_a_seal_all_of_whose_events_are_gone_keeps_no_leaves() -> None:
    seal_in_parts(3, 3)
    for targets in (["0"], ["1", "2"]):
        events = Event.objects.filter(target_id__in=targets)
        cuts.remove(ROLLCALL, events, CutReason.RETENTION)
    assert bytes(Seal.objects.get(number=1).leaves) == b""
    report = verify()
    assert (report.events, report.hole) == (3, None)


def test_a_redacted_event_is_vouched_for_as_it_is_now() -> None:
    seal_in_parts(3)
    event = Event.objects.get(target_id="1")
    redacted = Event.objects.filter(pk=event.pk)
    assert cuts.redact(ADMIN, redacted, blank, CutReason.ERASURE) == 1
    assert verify().hole is None
    cut = Cut.objects.get()
    assert (cut.by, cut.door, cut.reason, cut.count) == ("1", "portal", "erasure", 1)
    redacted.update(action=Action.USER_DELETE)
    hole = verify().hole
    assert hole is not None
    assert (hole.kind, hole.event) == (HoleKind.CHANGED, event.pk)


def test_what_a_redacted_event_said_cannot_be_put_back() -> None:
    seal_in_parts(3)
    event = Event.objects.get(target_id="1")
    cuts.redact(ADMIN, Event.objects.filter(pk=event.pk), blank, CutReason.ERASURE)
    event.save()
    Cut.objects.all().delete()
    hole = verify().hole
    assert hole is not None
    assert hole.kind is HoleKind.CHANGED


def test_a_second_cut_of_an_event_counts_and_destroys_the_salt_of_the_first() -> None:
    seal_in_parts(3)
    event = Event.objects.get(target_id="1")
    events = Event.objects.filter(pk=event.pk)
    cuts.redact(ADMIN, events, blank, CutReason.ERASURE)
    cuts.redact(ADMIN, events, blank, CutReason.ERASURE)
    assert verify().hole is None
    first, second = Cut.objects.all()
    assert salts(first.redacted) == {event.pk: leaves.NO_SALT}
    assert salts(second.redacted) != {event.pk: leaves.NO_SALT}
    cuts.remove(ROLLCALL, events, CutReason.RETENTION)
    assert verify().hole is None
    assert {salt for cut in Cut.objects.all() for salt in salts(cut.redacted).values()} == {
        leaves.NO_SALT
    }


def test_events_that_are_not_sealed_yet_are_redacted_without_a_cut() -> None:
    seal_in_parts(1)
    write(2, first=5)
    assert cuts.redact(ADMIN, Event.objects.all(), blank, CutReason.ERASURE) == 3
    assert not Event.objects.exclude(target_name="").exists()
    assert Cut.objects.get().count == 1
    chain.seal_due()
    assert verify().hole is None


def test_events_that_are_not_sealed_yet_are_not_removed() -> None:
    seal_in_parts(1)
    write(2, first=5)
    assert cuts.remove(ROLLCALL, Event.objects.all(), CutReason.RETENTION) == 1
    assert Event.objects.count() == 2


def test_a_cut_that_is_taken_away_leaves_a_hole() -> None:
    seal_in_parts(3)
    cuts.remove(ROLLCALL, Event.objects.filter(target_id="1"), CutReason.RETENTION)
    Cut.objects.all().delete()
    hole = verify().hole
    assert hole is not None
    assert hole.kind is HoleKind.REMOVED


@pytest.mark.parametrize("change", [{"by": "Rollcall"}, {"count": 2}, {"reason": "retention"}])
def test_who_when_why_and_how_many_cannot_be_changed(change: dict[str, object]) -> None:
    seal_in_parts(3)
    cuts.redact(ADMIN, Event.objects.filter(target_id="1"), blank, CutReason.ERASURE)
    Cut.objects.update(**change)
    hole = verify().hole
    assert hole is not None
    assert hole.kind is HoleKind.CUT_UNSIGNED


def test_ten_thousand_events_are_removed_in_few_statements() -> None:
    write(12_000)
    make_old(500)
    chain.seal_due()
    with CaptureQueriesContext(connection) as queries:
        assert cuts.remove(ROLLCALL, Event.objects.all(), CutReason.RETENTION) == 12_000
    assert len(queries) <= 2 * 14
    assert verify().hole is None
