"""Refusals are written down, and whoever is refused without end hides nobody else's."""

from __future__ import annotations

import pytest

from rollcall.audit import refusals
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor, Door, Initiator
from rollcall.audit.models import Event
from rollcall.audit.recording import Target
from rollcall.audit.refusals import MORE, MOST, record_refusal

pytestmark = pytest.mark.django_db


def refuse(address: str, page: str) -> None:
    """Somebody at this address is refused this page."""
    actor = Actor(Initiator.ADMIN, Door.PORTAL, "-", address=address)
    record_refusal(actor, Action.ACCESS_REFUSED, Target("page", name=page), reason="not allowed")


def of(address: str) -> list[str]:
    """The reasons of what is written of this address."""
    events = Event.objects.filter(client_ip=address).order_by("pk")
    return list(events.values_list("reason", flat=True))


def test_the_same_again_is_not_written_twice() -> None:
    for _ in range(3):
        refuse("203.0.113.7", "users")
    assert of("203.0.113.7") == ["not allowed"]


def test_whoever_tries_everything_is_cut_off_and_the_log_says_so() -> None:
    for number in range(MOST + 20):
        refuse("203.0.113.7", f"page {number}")
    assert of("203.0.113.7") == [*["not allowed"] * (MOST - 1), MORE]


def test_nobody_keeps_the_refusals_of_others_out_of_the_log() -> None:
    for number in range(MOST + 20):
        refuse("203.0.113.7", f"page {number}")
    refuse("198.51.100.9", "users")
    assert of("198.51.100.9") == ["not allowed"]


def test_all_addresses_together_fill_no_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "MOST_OF_ALL", 20)
    for number in range(40):
        refuse(f"203.0.113.{number}", "users")
    assert Event.objects.count() == 20
