"""What an import costs in requests, and that faults on every road change nothing but the time."""

from __future__ import annotations

import time
from math import ceil

import pytest

from rollcall.targets import jumpcloud
from rollcall.targets.base import Link
from rollcall.targets.errors import TargetUnreachable
from rollcall.targets.jumpcloud import JumpCloudTarget, Pace
from tests.targets.jumpcloud.cloud import KEY, Cloud, Fault
from tests.targets.jumpcloud.conftest import QUICK
from tests.targets.jumpcloud.people import Memory, create

CONSTANT = 4
"""Organizations and its settings, the test of what the key may do."""


def first_import(directory: JumpCloudTarget, count: int) -> dict[str, str]:
    """All that an import of so many new people asks of the directory; their users, by number."""
    directory.check()
    assert sum(1 for _ in directory.users()) >= 0
    users: dict[str, str] = {}
    for start in range(0, count, directory.batch_size):
        journal = Memory()
        batch = range(start, min(start + directory.batch_size, count))
        directory.apply([create(number) for number in batch], journal)
        users |= {key: one.user_id or "" for key, one in journal.outcomes.items()}
    links = [Link(one, user, users["0"]) for one, user in users.items() if one != "0"]
    for start in range(0, len(links), 500):
        directory.link_managers(links[start : start + 500], Memory())
    return users


@pytest.mark.parametrize("gives_total", [True, False])
@pytest.mark.parametrize("polls_until_done", [1, 3])
def test_a_first_import_costs_requests_by_the_batch_not_by_the_person(
    cloud: Cloud, directory: JumpCloudTarget, gives_total: bool, polls_until_done: int
) -> None:
    cloud.gives_total, cloud.polls_until_done = gives_total, polls_until_done
    for number in range(350):
        cloud.add(username=f"old{number}", email=f"old{number}@example.org")
    users = first_import(directory, 1000)
    assert len(users) == 1000
    assert len(cloud.users) == 1350
    polls = polls_until_done + 1  # the look-up of the batch's people is the last one
    batches = ceil(1000 / directory.batch_size)
    assert directory.requests <= ceil(350 / 100) + 2 * batches * (1 + polls) + CONSTANT
    assert directory.requests == len(cloud.traffic)


def test_an_unchanged_import_reads_pages_and_writes_nothing(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    for number in range(950):
        cloud.add(username=f"old{number}", email=f"old{number}@example.org")
    directory.default_state()
    assert len(list(directory.users())) == 950
    assert directory.requests <= ceil(950 / 100) + CONSTANT
    assert cloud.writes() == 0


def test_an_import_under_faults_ends_with_the_right_people_once_each(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    cloud.fault_rate = 0.1
    users = first_import(directory, 1000)
    assert len(cloud.users) == 1000
    assert {one["_id"] for one in cloud.users.values()} == set(users.values())
    reports = [one for one in cloud.users.values() if one["_id"] != users["0"]]
    assert all(one["manager"] == users["0"] for one in reports)


def test_retry_after_is_honoured_by_all_threads(cloud: Cloud) -> None:
    cloud.faults = [Fault("systemusers", "429", headers={"retry-after": "0.3"})]
    for number in range(300):
        cloud.add(username=f"old{number}", email=f"old{number}@example.org")
    started = time.monotonic()
    with JumpCloudTarget(jumpcloud.Account(cloud.url, KEY), pace=QUICK) as directory:
        assert len(list(directory.users())) == 300
    assert time.monotonic() - started >= 0.3
    assert len(cloud.traffic) == 4


def test_a_directory_that_never_answers_is_unreachable(cloud: Cloud) -> None:
    cloud.faults = [Fault("systemusers", "503", times=99)]
    pace = Pace(first_wait=0.001, longest_wait=0.002, attempts=3)
    with (
        JumpCloudTarget(jumpcloud.Account(cloud.url, KEY), pace=pace) as directory,
        pytest.raises(TargetUnreachable, match="503"),
    ):
        list(directory.users())
    assert len(cloud.traffic) == 3
