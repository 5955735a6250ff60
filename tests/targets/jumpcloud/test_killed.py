"""Killed again and again under faults, an import still makes everybody once, with the manager."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from rollcall.provisioning.change import Change, Kind, Outcome
from rollcall.targets import jumpcloud
from rollcall.targets.base import Link
from rollcall.targets.jumpcloud import JumpCloudTarget
from tests.targets.jumpcloud.cloud import KEY, Cloud
from tests.targets.jumpcloud.conftest import QUICK
from tests.targets.jumpcloud.people import Memory, change, create


class Killed(BaseException):
    """The process ended here."""


@dataclass
class Perilous(Memory):
    """A journal in whose verbs the process is killed now and then."""

    chance: random.Random = field(default_factory=random.Random)
    kills: int = 0

    def record_job(self, job: str) -> None:
        self._peril()
        super().record_job(job)
        self._peril()

    def record(self, outcomes: Sequence[Outcome]) -> None:
        self._peril()
        super().record(outcomes)
        self._peril()

    def _peril(self) -> None:
        if self.chance.random() < 0.3:
            self.kills += 1
            raise Killed


def applied(cloud: Cloud, changes: Sequence[Change], journal: Perilous) -> None:
    """Apply what is left, with a new process for each that is killed."""
    while left := [one for one in changes if one.employee_id not in journal.outcomes]:
        try:
            with JumpCloudTarget(jumpcloud.Account(cloud.url, KEY), pace=QUICK) as directory:
                directory.apply(left, journal)
        except Killed:
            continue


def linked(cloud: Cloud, links: Sequence[Link], journal: Perilous) -> None:
    """Link all, with a new process for each that is killed."""
    while True:
        try:
            with JumpCloudTarget(jumpcloud.Account(cloud.url, KEY), pace=QUICK) as directory:
                return directory.link_managers(links, journal)
        except Killed:
            continue


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_everybody_is_there_once_with_the_right_manager(cloud: Cloud, seed: int) -> None:
    cloud.fault_rate, cloud.names_users = 0.1, seed != 2
    old = [
        cloud.add(username=f"old{number}", email=f"old{number}@example.org", state="STAGED")
        for number in range(10)
    ]
    fields = {"state": ("STAGED", "ACTIVATED"), "jobTitle": ("", "Lead")}
    changes = [create(number) for number in range(40)] + [
        change(Kind.ACTIVATE, 100 + n, one, fields, external_id=str(100 + n))
        for n, one in enumerate(old)
    ]
    journal = Perilous(chance=random.Random(seed))
    applied(cloud, changes, journal)
    users = {key: one.user_id or "" for key, one in journal.outcomes.items()}
    assert set(journal.results().values()) == {"created", "activated"}
    assert set(users.values()) == cloud.users.keys()
    links = [Link(key, one, users["0"]) for key, one in users.items() if key != "0"]
    linked(cloud, links, again := Perilous(chance=random.Random(seed)))
    assert journal.kills + again.kills > 0
    assert all(cloud.users[one.user_id]["manager"] == users["0"] for one in links)
    assert all(cloud.users[one]["state"] == "ACTIVATED" for one in old)
