"""Chores are done again and again, whatever goes wrong with one of them."""

from __future__ import annotations

import threading

import pytest
from django.db import OperationalError

from rollcall.jobs.chores import Chores
from rollcall.jobs.registry import Chore

ENOUGH = 30.0
"""Seconds that no machine takes to do nothing three times."""


@pytest.mark.parametrize("trouble", [OperationalError("away"), RuntimeError("a mistake")])
def test_a_chore_that_failed_is_done_again(trouble: Exception) -> None:
    done = threading.Event()
    rounds: list[int] = []

    def work() -> None:
        rounds.append(1)
        if len(rounds) < 3:
            raise trouble
        done.set()

    chores = Chores([Chore("test", 0.01, work)])
    chores.start()
    assert done.wait(ENOUGH)
    chores.stop()


def test_a_chore_that_takes_its_time_holds_up_no_other_one() -> None:
    other, release = threading.Event(), threading.Event()
    chores = Chores(
        [Chore("slow", 60, lambda: release.wait(ENOUGH)), Chore("quick", 60, other.set)]
    )
    chores.start()
    assert other.wait(ENOUGH)
    release.set()
    chores.stop()
