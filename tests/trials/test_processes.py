"""Of several processes one is at a run: not two in two containers, and none that slept."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess

import pytest

from tests.terminal import halt
from tests.trials.place import AT_WORK, PEOPLE, Place, interrupted, started, until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("trials: processes")]

EPOCH = "SELECT epoch FROM imports_run ORDER BY number DESC LIMIT 1"
END = "SELECT state, finished_at, epoch, executor FROM imports_run ORDER BY number"
PEOPLE_NOW = """
SELECT own.external_id, u.email, u.state, u.department, boss.external_id
FROM directory_user u JOIN directory_externalidentity own ON own.user_id = u.id
LEFT JOIN directory_externalidentity boss ON boss.user_id = u.manager_id
ORDER BY own.external_id
"""
CONTAINER = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")
"""Starts a program as a container does: it is number 1, whatever else runs on the machine."""


@pytest.fixture
def container() -> tuple[str, ...]:
    """The words that start a program in a name space of its own."""
    if os.geteuid() != 0 or not shutil.which("unshare"):
        pytest.skip("only root can make a name space of pids")
    if subprocess.run([*CONTAINER, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine does not let a name space be made")
    return CONTAINER


def test_two_workers_in_two_containers_do_not_fight_over_what_a_third_one_left(
    place: Place, container: tuple[str, ...]
) -> None:
    with started(place, "import", within=container):
        place.reaches(*AT_WORK)
    [(before,)] = place.rows(EPOCH)
    with started(place, "worker", within=container), started(place, "worker", within=container):
        place.reaches("completed", "failed")
    place.accounts_for(PEOPLE)
    # released and claimed once: each fight over the run would raise it by two more
    assert place.rows(EPOCH) == [(before + 2,)]


def test_a_process_that_was_stopped_and_wakes_writes_nothing(place: Place) -> None:
    interrupted(place)
    killed = place.holder()
    with started(place, "worker") as sleeper:
        first = until(place.holder, lambda holder: holder not in (killed, ""))
        place.reaches("fetching", "planning")
        if place.url:
            sleeper.process.send_signal(signal.SIGSTOP)
        else:
            halt(sleeper.process, place.terminal.folder / "rollcall.db")
        with started(place, "worker"):
            until(place.holder, lambda holder: holder not in (first, ""))
            place.reaches("completed", "failed")
            place.accounts_for(PEOPLE)
            ended, people = place.rows(END), place.rows(PEOPLE_NOW)
            sleeper.process.send_signal(signal.SIGCONT)
            until(lambda: at_work(place, first), lambda carries: carries == [])
    assert place.rows(END) == ended
    assert place.rows(PEOPLE_NOW) == people


def at_work(place: Place, executor: str) -> object:
    """What the process says that it is at; None until it was heard of since it was forgotten."""
    query = f"SELECT carries FROM jobs_worker WHERE executor = '{executor}'"  # noqa: S608
    found = place.rows(query)
    if not found:
        return None
    return [] if found[0][0] in ([], "[]") else found[0][0]
