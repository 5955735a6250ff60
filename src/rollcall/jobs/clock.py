"""Whether this machine's clock is to be believed: what is kept for a time is deleted by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from rollcall.jobs.models import ClockReading

LEAP: Final = timedelta(days=30)
"""A clock that has moved further than this since a worker last read it is doubted."""
BACK: Final = timedelta(hours=1)
"""So is one that has gone back by more than this."""
DOUBTED_FOR: Final = timedelta(days=7)
"""Time enough for somebody to see the clock, or to have come back from a long pause."""


@dataclass(frozen=True, slots=True)
class Leap:
    """A step that the clock has made between two readings, or a long time without a worker."""

    before: datetime
    after: datetime

    @property
    def doubted_until(self) -> datetime:
        """Until when nothing is deleted because of its age."""
        return self.after + DOUBTED_FOR


@transaction.atomic
def read() -> Leap | None:
    """Read the clock and note it; the leap for which it is doubted, None where it is believed."""
    now = timezone.now()
    ClockReading.objects.get_or_create(pk=1, defaults={"at": now})
    reading = ClockReading.objects.select_for_update().get(pk=1)
    last, leap = reading.at, _leap(reading)
    if leap and leap.before - BACK <= now < leap.after - BACK:
        leap = None  # it has been set right again
    elif not -BACK <= now - last <= LEAP:
        leap = Leap(last, now)
    elif leap and now > leap.doubted_until:
        leap = None
    reading.at = now
    reading.leapt_from, reading.leapt_to = (leap.before, leap.after) if leap else (None, None)
    reading.save()
    return leap


def doubt() -> Leap | None:
    """The leap for which the clock is doubted, by what workers have read; None for none."""
    reading = ClockReading.objects.filter(pk=1).first()
    return _leap(reading) if reading else None


def _leap(reading: ClockReading) -> Leap | None:
    if reading.leapt_from is None or reading.leapt_to is None:
        return None
    return Leap(reading.leapt_from, reading.leapt_to)
