"""A lease is held by one process at a time, and what it writes after losing it is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rollcall.imports.lease import change_held, claim, forget, held, release, take
from rollcall.imports.models import Connection, Run
from rollcall.jobs.errors import TakenOver
from rollcall.jobs.process import this_process

pytestmark = pytest.mark.django_db
OTHER = "another-process"


@pytest.fixture
def run() -> Iterator[Run]:
    """A run at work that nobody holds yet."""
    connection = Connection.objects.create(name="A")
    run = Run.objects.create(number=1, connection=connection)
    yield run
    forget(run.pk)


def test_what_nobody_holds_is_claimed_once(run: Run) -> None:
    claim(run.pk)
    assert held(run.pk).executor == this_process().executor
    Run.objects.update(executor=OTHER)
    with pytest.raises(TakenOver):
        claim(run.pk)


def test_the_epoch_rises_whenever_work_changes_hands(run: Run) -> None:
    epochs = [run.epoch]
    for change_hands in (
        lambda: claim(run.pk),
        lambda: release(run.pk, before=this_process().executor),
        lambda: take(run.pk, before=""),
    ):
        change_hands()
        epochs.append(Run.objects.get(pk=run.pk).epoch)
    assert epochs == sorted(set(epochs))


def test_who_slept_while_the_work_was_elsewhere_and_came_back_writes_nothing(run: Run) -> None:
    claim(run.pk)
    held(run.pk)
    # another process took the run, and it was given back to the name that it had before
    Run.objects.filter(pk=run.pk).update(epoch=run.epoch + 3)
    with pytest.raises(TakenOver):
        change_held(run.pk, applied=1)
    with pytest.raises(TakenOver):
        held(run.pk)


def test_of_two_who_take_from_the_same_process_one_is_quicker(run: Run) -> None:
    Run.objects.update(executor=OTHER)
    assert [take(run.pk, before=OTHER), take(run.pk, before=OTHER)] == [True, False]
