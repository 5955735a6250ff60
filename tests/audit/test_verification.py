"""Whatever is done to sealed events behind Rollcall's back is found, with its place."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone
from pytest_django.fixtures import Settings

from rollcall.accounts import key_rotation
from rollcall.audit import chain, cuts, known_end, signing, verification
from rollcall.audit.actor import ROLLCALL
from rollcall.audit.leaves import packed_keys
from rollcall.audit.models import Cut, CutReason, Event, Seal, SigningKey, Verification
from rollcall.audit.verification import HoleKind, verify
from rollcall.core import sealing
from rollcall.core.key_ring import KEY_FILE
from tests.actors import ADMIN
from tests.audit.events import seal_in_parts, write

pytestmark = pytest.mark.django_db


def key(place: int) -> int:
    return Event.objects.order_by("pk").values_list("pk", flat=True)[place]


def swap_names() -> None:
    first, second = key(0), key(1)
    names = dict(Event.objects.values_list("pk", "target_name"))
    Event.objects.filter(pk=first).update(target_name=names[second])
    Event.objects.filter(pk=second).update(target_name=names[first])


def forge_a_cut() -> None:
    gone = key(1)
    Event.objects.filter(pk=gone).delete()
    at = timezone.now()
    Cut.objects.create(
        seal_id=1,
        at=at,
        reason=CutReason.RETENTION,
        door="system",
        by="Rollcall",
        count=1,
        removed=packed_keys([gone]),
        signature=bytes(32),
    )


def insert() -> None:
    gap = key(2)
    Event.objects.filter(pk=gap).delete()
    event = Event.objects.get(pk=key(1))
    event.pk = gap
    event.save(force_insert=True)


TAMPERING: dict[HoleKind, list[Callable[[], object]]] = {
    HoleKind.REMOVED: [
        lambda: Event.objects.filter(pk=key(1)).delete(),
        lambda: Event.objects.all().delete(),
    ],
    HoleKind.CHANGED: [
        lambda: Event.objects.filter(pk=key(1)).update(actor_name="somebody@example.com"),
        lambda: Event.objects.filter(pk=key(1)).update(changes=[]),
        swap_names,
        insert,
    ],
    HoleKind.CUT_UNSIGNED: [forge_a_cut],
    HoleKind.SEAL_REMOVED: [
        lambda: Seal.objects.filter(number=1).delete(),
        lambda: Seal.objects.filter(number=2).delete(),
    ],
    HoleKind.SEAL_CHANGED: [
        lambda: Seal.objects.filter(number=2).update(sealed_at=timezone.now()),
        lambda: Seal.objects.filter(number=2).update(leaves=b""),
        lambda: Seal.objects.filter(number=2).update(leaves=b"x"),
        lambda: Seal.objects.filter(number=2).update(count=F("count") - 1),
    ],
    HoleKind.SEAL_UNSIGNED: [lambda: Seal.objects.filter(number=2).update(signature=bytes(32))],
}


@pytest.mark.parametrize(
    ("kind", "tamper"), [(kind, tamper) for kind, ways in TAMPERING.items() for tamper in ways]
)
def test_tampering_is_found(kind: HoleKind, tamper: Callable[[], object]) -> None:
    seal_in_parts(3, 3, 3)
    assert verify().hole is None
    tamper()
    hole = verify().hole
    assert hole is not None
    assert hole.kind is kind


def test_the_first_hole_is_told_with_its_place() -> None:
    seal_in_parts(3, 3)
    gone = key(4)
    Event.objects.filter(pk__in=[gone, key(5)]).delete()
    report = verify()
    assert report.hole == verification.Hole(HoleKind.REMOVED, 2, gone)
    assert (report.seals, report.events) == (1, 3)


def test_an_event_that_was_put_between_two_seals_is_found() -> None:
    write(4)
    event = Event.objects.get(pk=key(2))
    Event.objects.filter(pk=event.pk).delete()  # as a transaction that was undone leaves a gap
    chain.seal_due()
    event.save(force_insert=True)
    assert verify().hole == verification.Hole(HoleKind.INSERTED, 1, event.pk)


@pytest.fixture
def own_folder(tmp_path: Path, settings: Settings) -> Path:
    """A data folder with keys of its own."""
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_who_makes_the_log_anew_without_the_keys_cannot_sign_it(own_folder: Path) -> None:
    seal_in_parts(2, 2)
    Event.objects.filter(pk=key(0)).delete()
    Seal.objects.all().delete()
    kept = (own_folder / KEY_FILE).read_bytes()
    (own_folder / KEY_FILE).unlink()
    chain.seal_due()
    (own_folder / KEY_FILE).write_bytes(kept)
    hole = verify().hole
    assert hole is not None
    assert hole.kind is HoleKind.SEAL_UNSIGNED


def test_words_that_somebody_had_sealed_are_no_key() -> None:
    chosen = sealing.seal("words that somebody knows")
    SigningKey.objects.create(sealed=chosen)
    assert signing.load().keys == ()


def test_the_keys_can_be_rotated_and_old_ones_forgotten(own_folder: Path) -> None:
    seal_in_parts(2)
    cuts.remove(ROLLCALL, Event.objects.filter(pk=key(0)), CutReason.RETENTION)
    key_rotation.rotate(ADMIN)
    key_rotation.forget_old_keys(ADMIN)
    assert len((own_folder / KEY_FILE).read_text().split()) == 1
    assert verify().hole is None


@pytest.mark.django_db(transaction=True)
def test_the_end_that_this_machine_knows_must_be_there() -> None:
    seal_in_parts(2, 2)
    Event.objects.filter(pk__gt=key(1)).delete()
    Seal.objects.filter(number=2).delete()
    assert verify().hole == verification.Hole(HoleKind.END_REMOVED, 2)


def test_an_end_that_somebody_kept_elsewhere_must_be_there() -> None:
    seal_in_parts(2, 2)
    end = verify().end
    assert end is not None
    kept = known_end.KnownEnd.from_text(end.text())
    seal_in_parts(1)
    assert verify(kept).hole is None
    other = dataclasses.replace(kept, digest=bytes(32))
    assert verify(other).hole == verification.Hole(HoleKind.END_REMOVED, 2)
    later = dataclasses.replace(kept, number=9)
    assert verify(later).hole == verification.Hole(HoleKind.END_REMOVED, 4)


@pytest.mark.parametrize("text", ["", "7", "x-00", "7-00", "7-" + "g" * 64])
def test_an_end_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        known_end.KnownEnd.from_text(text)


def test_how_it_was_is_kept_once_a_day() -> None:
    seal_in_parts(3)
    verification.verify_if_due()
    Event.objects.filter(pk=key(1)).delete()
    verification.verify_if_due()
    assert Verification.objects.get().hole == ""
    verification.verify_and_note()
    kept = Verification.objects.get()
    assert (kept.hole, kept.hole_seal, kept.events) == ("removed", 1, 0)


def test_a_cut_that_happens_while_the_chain_is_read_is_no_hole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seal_in_parts(3)
    looked: list[int] = []
    look = verification._hole_of_events

    def cut_first(*about: Any) -> verification.Hole | None:
        if not looked:
            events = Event.objects.filter(pk=key(1))
            looked.append(cuts.remove(ROLLCALL, events, CutReason.RETENTION))
        return look(*about)

    monkeypatch.setattr(verification, "_hole_of_events", cut_first)
    assert verify().hole is None
    assert looked == [1]
