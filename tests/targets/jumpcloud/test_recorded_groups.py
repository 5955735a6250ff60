"""Each change of a user group in the cloud is an event of our log, by whoever asked for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rollcall.audit.models import Event
from rollcall.targets import jumpcloud
from rollcall.targets.groups import Groups
from rollcall.targets.jumpcloud import JumpCloudTarget
from tests.actors import TESTER
from tests.targets.jumpcloud.cloud import KEY, Cloud
from tests.targets.jumpcloud.conftest import QUICK

pytestmark = pytest.mark.django_db

WIKI = "65f0c0ffee0000000000d001"


@pytest.fixture
def groups(cloud: Cloud) -> Iterator[Groups]:
    """The groups of the organization, as somebody at the terminal changes them."""
    cloud.applications[WIKI] = "Wiki"
    with JumpCloudTarget(jumpcloud.Account(cloud.url, KEY), pace=QUICK, actor=TESTER) as target:
        yield target.groups


def told() -> list[tuple[str, str, dict[str, object]]]:
    """What has been done to which group, and how it is told."""
    events = Event.objects.order_by("pk")
    assert {event.actor_name for event in events} <= {TESTER.name}
    return [(event.action, event.target_name, {**event.before, **event.after}) for event in events]


HERE = {"directory": "jumpcloud"}


def test_a_group_is_made_once_and_told_once(groups: Groups) -> None:
    assert groups.create("Sales") == groups.create("Sales")
    assert told() == [("group.create", "Sales", {**HERE, "name": "Sales"})]


def test_members_who_come_and_go_are_told_by_number(groups: Groups) -> None:
    group = groups.create("Sales")
    groups.add_members(group.id, ["a", "b"])
    groups.add_members(group.id, ["a", "b"])
    groups.set_members(group.id, ["b", "c"])
    assert told()[1:] == [
        ("group.member.add", "Sales", {**HERE, "members added": 2}),
        ("group.member.add", "Sales", {**HERE, "members added": 1}),
        ("group.member.remove", "Sales", {**HERE, "members removed": 1}),
    ]


def test_an_application_is_bound_and_unbound_by_name_and_told_once_each(groups: Groups) -> None:
    group = groups.create("Sales")
    assert [application.label for application in groups.applications()] == ["Wiki"]
    for verb in (groups.bind, groups.bind, groups.unbind, groups.unbind):
        verb(group.id, WIKI)
    assert told()[1:] == [
        ("application.bind", "Sales", {**HERE, "application": "Wiki"}),
        ("application.unbind", "Sales", {**HERE, "application": "Wiki"}),
    ]
