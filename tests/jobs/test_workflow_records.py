"""The engine's records of old workflows go, those of work that may be gone on with stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from dbos import DBOS, SetWorkflowID
from django.utils import timezone

from rollcall.imports import dispatch
from rollcall.jobs import engine, handover, workflow_records
from rollcall.jobs.models import Worker
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@DBOS.workflow(name="test.ends")
def ends(key: str) -> None:
    """Does nothing."""


@DBOS.workflow(name="test.lasts")
def lasts(key: str) -> None:
    """Goes on until it is cancelled."""
    while True:
        DBOS.sleep(0.05)


@pytest.fixture
def at_work() -> Iterator[None]:
    """An engine that carries out work in this process."""
    with engine.running(queue=engine.own_queue()):
        yield


def made(name: str, *, attempts: int = 1) -> None:
    """Work of which so many attempts have ended."""
    for _ in range(attempts):
        handover.hand_over(name, ends, "key", queue=engine.own_queue())
        newest = handover.attempts(name)[-1]
        DBOS.retrieve_workflow(newest.workflow_id).get_result()


def later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """So many days pass, of which the clock is believed."""
    now = timezone.now()
    for day in range(0, days + 1, 10):
        monkeypatch.setattr(timezone, "now", lambda day=day: now + timedelta(days=day))
        workflow_records.forget()


def kept(name: str) -> int:
    return len(handover.attempts(name))


def test_records_of_what_ended_long_ago_are_deleted_a_share_at_a_time(
    at_work: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10):
        made(f"work-{number}")
    assert workflow_records.forget() == 0
    later(monkeypatch, 30)
    before = len(DBOS.list_workflows())
    assert workflow_records.forget() == -(-before // 5)
    while workflow_records.forget():
        pass
    assert [kept(f"work-{number}") for number in range(10)] == [0] * 10


def test_all_attempts_at_one_work_go_together_and_none_while_one_may_go_on(
    at_work: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made("ended", attempts=3)
    made("goes-on", attempts=2)
    with SetWorkflowID(f"{handover.attempts('goes-on')[0].workflow_id}#3"):
        handle = DBOS.start_workflow(lasts, "key")
    later(monkeypatch, 40)
    while workflow_records.forget():
        pass
    assert (kept("ended"), kept("goes-on")) == (0, 3)
    DBOS.cancel_workflow(handle.get_workflow_id())
    wait_until(lambda: handle.get_status().status not in handover.UNFINISHED, seconds=30)


def test_the_queue_of_a_process_that_was_killed_goes_with_it(at_work: None) -> None:
    DBOS.register_queue(engine.queue_of("killed"))
    long_ago = timezone.now() - timedelta(days=1)
    Worker.objects.create(executor="killed", host="h", pid=1, process_started=1.0, beat_at=long_ago)
    dispatch.take_over_what_was_left()
    assert {queue.name for queue in DBOS.list_queues()} == {engine.QUEUE, engine.own_queue()}
    assert not Worker.objects.filter(pk="killed").exists()
