"""A clock that leaps is doubted: nothing is deleted by its age, and everybody can see it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from rollcall.jobs import clock, forgetting

pytestmark = pytest.mark.django_db

START = timezone.now()


class Clock:
    """A clock that says what it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = START
        monkeypatch.setattr(timezone, "now", lambda: self.now)

    def reads(self, moment: datetime) -> clock.Leap | None:
        self.now = moment
        return clock.read()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that has been read once."""
    told = Clock(monkeypatch)
    assert told.reads(START) is None
    return told


def test_a_clock_that_goes_on_is_believed(told: Clock) -> None:
    for days in range(0, 120, 29):
        assert told.reads(START + timedelta(days=days)) is None
    assert clock.doubt() is None


@pytest.mark.parametrize("step", [timedelta(days=3650), timedelta(days=31), -timedelta(days=1)])
def test_a_clock_that_leaps_is_doubted_for_a_week(told: Clock, step: timedelta) -> None:
    leap = clock.Leap(START, START + step)
    assert told.reads(START + step) == leap
    assert clock.doubt() == leap
    for days in range(1, 8):
        assert told.reads(START + step + timedelta(days=days)) == leap
        assert forgetting.most(1000) == 0
    assert told.reads(START + step + timedelta(days=8)) is None
    assert clock.doubt() is None


def test_a_clock_that_is_set_right_again_is_believed_at_once(told: Clock) -> None:
    assert told.reads(START + timedelta(days=3650)) is not None
    assert told.reads(START + timedelta(hours=2)) is None


@pytest.mark.parametrize(("kept", "most"), [(0, 0), (1, 1), (5, 1), (6, 2), (1000, 200)])
def test_one_pass_deletes_a_share(told: Clock, kept: int, most: int) -> None:
    assert forgetting.most(kept) == most
