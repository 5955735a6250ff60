"""Events for the tests of the chain."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from rollcall.audit import chain
from rollcall.audit.actions import Action
from rollcall.audit.models import Event
from rollcall.audit.recording import Entry, Target, record_many
from tests.actors import ADMIN


def write(count: int, first: int = 0, action: Action = Action.USER_UPDATE) -> None:
    """Write so many events, each about a user of its own."""
    numbers = range(first, first + count)
    entries = [
        Entry(Target("user", str(n), f"user.{n}"), {"lastname": "Ölçer"}, {"lastname": f"Né {n}"})
        for n in numbers
    ]
    record_many(ADMIN, action, entries)


def seal_in_parts(*counts: int) -> None:
    """Write and seal so many events, a seal for each count."""
    for place, count in enumerate(counts):
        write(count, first=1000 * place)
        assert chain.seal_due() == count


def make_old(days: int, **of: object) -> None:
    """Have these events been written so many days ago."""
    Event.objects.filter(**of).update(timestamp=timezone.now() - timedelta(days=days))
