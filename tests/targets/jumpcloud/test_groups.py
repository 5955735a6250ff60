"""Groups get the members and applications that they should have, by differences only."""

from __future__ import annotations

from rollcall.targets.jumpcloud import JumpCloudTarget
from tests.targets.jumpcloud.cloud import Cloud, Fault


def test_a_group_is_made_once_even_when_the_answer_is_lost(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    cloud.faults = [Fault("POST /api/v2/usergroups", "lose")]
    made = directory.groups.create("Sales", "People who sell")
    assert directory.groups.create("Sales") == made
    assert [one.name for one in directory.groups.groups()] == ["Sales"]


def test_groups_are_listed_beyond_the_first_page(cloud: Cloud, directory: JumpCloudTarget) -> None:
    for number in range(205):
        cloud.groups[str(number)] = {"id": str(number), "name": f"Group {number:03}"}
    assert len(list(directory.groups.groups())) == 205


def test_members_are_changed_by_differences_only(cloud: Cloud, directory: JumpCloudTarget) -> None:
    group = directory.groups.create("Sales")
    cloud.members[group.id] = [f"user{number}" for number in range(150)]
    wanted = {f"user{number}" for number in range(2, 153)}
    done = directory.groups.set_members(group.id, wanted)
    assert done.added == {"user150", "user151", "user152"}
    assert done.removed == {"user0", "user1"}
    assert directory.groups.members(group.id) == wanted
    assert cloud.count("POST", "members") == 5
    assert directory.groups.set_members(group.id, wanted).added == frozenset()
    assert cloud.count("POST", "members") == 5


def test_adding_removes_nobody_and_survives_faults(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    group = directory.groups.create("Sales")
    cloud.members[group.id] = ["old"]
    cloud.faults = [Fault("POST .*members", kind) for kind in ("lose", "502", "429", "409")]
    done = directory.groups.add_members(group.id, ["old", "a", "b", "c"])
    assert done.added == {"a", "b", "c"}
    assert not done.failed
    assert "old" in cloud.members[group.id]


def test_one_member_that_is_refused_does_not_stop_the_others(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    group = directory.groups.create("Sales")
    cloud.faults = [Fault("POST .*members", "400")]
    done = directory.groups.add_members(group.id, ["a", "b", "c"])
    assert len(done.added) == 2
    (why,) = done.failed.values()
    assert "A fault" in why.text()


def test_groups_are_bound_to_applications(cloud: Cloud, directory: JumpCloudTarget) -> None:
    cloud.applications["65f0c0ffee0000000000d001"] = "Wiki"
    group = directory.groups.create("Sales")
    (wiki,) = directory.groups.applications()
    assert wiki.label == "Wiki"
    directory.groups.bind(group.id, wiki.id)
    directory.groups.bind(group.id, wiki.id)
    assert directory.groups.bound(group.id) == {wiki.id}
    directory.groups.unbind(group.id, wiki.id)
    assert directory.groups.bound(group.id) == frozenset()
