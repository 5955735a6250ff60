"""Users who are there get exactly the changes of the plan, states and managers among them."""

from __future__ import annotations

import pytest

from rollcall.provisioning.change import Kind
from rollcall.targets import jumpcloud
from rollcall.targets.base import Link
from rollcall.targets.jumpcloud import Identity, JumpCloudTarget
from tests.targets.jumpcloud.cloud import KEY, Cloud, Fault
from tests.targets.jumpcloud.conftest import QUICK
from tests.targets.jumpcloud.people import Memory, change, create


def person(cloud: Cloud, number: int, **fields: object) -> str:
    """Somebody who is there already."""
    return cloud.add(username=f"p{number}", email=f"person{number}@example.org", **fields)


def test_updates_suspensions_and_reactivations_go_in_one_job(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    ids = [
        person(cloud, number, state=state, jobTitle="Buyer", company="Example GmbH")
        for number, state in enumerate(["ACTIVATED", "ACTIVATED", "SUSPENDED"])
    ]
    journal = Memory()
    directory.apply(
        [
            change(Kind.UPDATE, 0, ids[0], {"jobTitle": ("Buyer", "Lead"), "company": ("E", None)}),
            change(Kind.SUSPEND, 1, ids[1], {"state": ("ACTIVATED", "SUSPENDED")}),
            change(Kind.REACTIVATE, 2, ids[2], {"state": ("SUSPENDED", "ACTIVATED")}),
        ],
        journal,
    )
    assert journal.results() == {"0": "updated", "1": "suspended", "2": "reactivated"}
    assert (cloud.users[ids[0]]["jobTitle"], cloud.users[ids[0]]["company"]) == ("Lead", "")
    assert [cloud.users[one]["state"] for one in ids[1:]] == ["SUSPENDED", "ACTIVATED"]
    assert cloud.writes() == 1
    (sent,) = [one.body for one in cloud.traffic if one.method == "PATCH"]
    assert not any("suspended" in one or "username" in one for one in sent)


def test_a_username_is_never_changed(cloud: Cloud, directory: JumpCloudTarget) -> None:
    there = person(cloud, 1)
    fields = {"username": ("p1", "mara"), "lastname": ("Voß", "Rot")}
    directory.apply([change(Kind.UPDATE, 1, there, fields)], Memory())
    assert (cloud.users[there]["username"], cloud.users[there]["lastname"]) == ("p1", "Rot")


def test_a_staged_user_is_activated_by_a_call_of_its_own(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    ids = [person(cloud, number, state="STAGED") for number in range(2)]
    fields = {"state": ("STAGED", "ACTIVATED"), "jobTitle": ("", "Lead")}
    changes = [change(Kind.ACTIVATE, number, one, fields) for number, one in enumerate(ids)]
    journal = Memory()
    directory.apply(changes, journal)
    directory.apply(changes, again := Memory(begun=True))
    assert journal.results() == again.results() == {"0": "activated", "1": "activated"}
    assert [cloud.users[one]["state"] for one in ids] == ["ACTIVATED", "ACTIVATED"]
    assert [cloud.users[one]["jobTitle"] for one in ids] == ["Lead", "Lead"]


def test_nobody_goes_back_to_staged(cloud: Cloud, directory: JumpCloudTarget) -> None:
    there = person(cloud, 1)
    journal = Memory()
    fields = {"state": ("ACTIVATED", "STAGED")}
    directory.apply([change(Kind.UPDATE, 1, there, fields)], journal)
    assert journal.codes() == {"1": "cloud_never_staged"}
    assert cloud.writes() == 0


@pytest.mark.parametrize("searches_ids", [True, False])
def test_custom_attributes_of_others_stay(
    cloud: Cloud, directory: JumpCloudTarget, searches_ids: bool
) -> None:
    cloud.searches_ids = searches_ids
    there = person(
        cloud, 1, attributes=[{"name": "shoe", "value": "43"}, {"name": "team", "value": "red"}]
    )
    directory.apply(
        [change(Kind.UPDATE, 1, there, {"attributes.team": ("red", "blue")}, external_id="1")],
        Memory(),
    )
    (user,) = directory.users()
    assert user.attributes == {"shoe": "43", "team": "blue", "personioId": "1"}
    assert user.external_id == user.employeeIdentifier == "1"


@pytest.mark.parametrize("in_identifier", [True, False])
def test_a_matched_user_carries_the_personio_id_from_then_on(
    cloud: Cloud, in_identifier: bool
) -> None:
    plain = person(cloud, 1)
    other = person(cloud, 2, employeeIdentifier="HR-77")
    taken = person(cloud, 3)
    cloud.add(
        username="x",
        email="x@example.org",
        employeeIdentifier="3",
        attributes=[{"name": "personioId", "value": "99"}],
    )
    to = jumpcloud.Account(cloud.url, KEY)
    journal = Memory()
    identity = Identity("personioId", in_identifier=in_identifier)
    with JumpCloudTarget(to, identity=identity, pace=QUICK) as directory:
        users = (plain, other, taken)
        directory.apply(
            [change(Kind.UPDATE, n, one, {}, str(n)) for n, one in enumerate(users, 1)], journal
        )
        carried = {one.id: one.external_id for one in directory.users()}
    assert set(journal.results().values()) == {"updated"}
    assert [carried[one] for one in users] == ["1", "2", "3"]
    assert cloud.users[other]["employeeIdentifier"] == "HR-77"
    shown = cloud.users[plain].get("employeeIdentifier")
    assert shown == ("1" if in_identifier else None)
    assert "employeeIdentifier" not in cloud.users[taken]
    assert cloud.count("PUT", "systemusers") == 0


def test_a_refused_update_is_that_persons_outcome(cloud: Cloud, directory: JumpCloudTarget) -> None:
    ids = [person(cloud, number) for number in range(4)]
    values = [
        {"lastname": ("Voß", "Rot")},
        {"email": ("a", "person0@example.org")},
        {"lastname": ("Voß", "!")},
        {"lastname": ("Voß", "Blau")},
    ]
    del cloud.users[ids[3]]
    journal = Memory()
    directory.apply([change(Kind.UPDATE, n, ids[n], one) for n, one in enumerate(values)], journal)
    assert journal.results() == {"0": "updated", "1": "conflict", "2": "failed", "3": "failed"}
    error = journal.outcomes["1"].error
    assert error is not None
    assert error.params["with_whom"] == ids[0]


@pytest.mark.parametrize("word", ["finished", "Persisted!"])
def test_updates_without_usable_results_are_read_back(
    cloud: Cloud, directory: JumpCloudTarget, word: str
) -> None:
    cloud.names_users, cloud.word = False, word
    ids = [person(cloud, number) for number in range(2)]
    journal = Memory()
    directory.apply(
        [
            change(Kind.UPDATE, 0, ids[0], {"lastname": ("Voß", "Rot")}),
            change(Kind.UPDATE, 1, ids[1], {"lastname": ("Voß", "!")}),
        ],
        journal,
    )
    assert journal.results() == {"0": "updated", "1": "failed"}
    assert journal.codes() == {"1": "cloud_unconfirmed"}


def test_a_recorded_update_job_is_picked_up(cloud: Cloud, directory: JumpCloudTarget) -> None:
    there = person(cloud, 1)
    changes = [create(2), change(Kind.UPDATE, 1, there, {"lastname": ("Voß", "Rot")})]
    journal = Memory()
    directory.apply(changes, journal)
    again = Memory(begun=True, recorded_job=journal.recorded_job)
    directory.apply(changes, again)
    assert again.results() == journal.results() == {"1": "updated", "2": "created"}
    assert cloud.writes() == 2


def test_managers_are_set_and_cleared_in_bulk_and_only_failures_recorded(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    ids = [person(cloud, number) for number in range(250)]
    cloud.users[ids[1]]["manager"] = ids[2]
    links = [Link(str(n), one, ids[0]) for n, one in enumerate(ids)]
    links[0] = Link("0", ids[0], "65f0c0ffee0000000000dead")
    links[1] = Link("1", ids[1], None)
    journal = Memory()
    directory.link_managers(links, journal)
    assert journal.results() == {"0": "failed"}
    assert [cloud.users[one].get("manager") for one in ids[:3]] == [None, None, ids[0]]
    assert all(cloud.users[one]["manager"] == ids[0] for one in ids[2:])
    assert cloud.writes() == 3
    again = Memory(begun=True, recorded_job=journal.recorded_job)
    directory.link_managers(links, again)
    assert cloud.writes() == 3


def test_one_failing_call_is_one_persons_outcome_not_the_end_of_the_run(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    ids = [person(cloud, number, state="STAGED") for number in range(3)]
    cloud.faults = [Fault(f"{ids[1]}/state", "502", times=99)]
    fields = {"state": ("STAGED", "ACTIVATED")}
    journal = Memory()
    directory.apply([change(Kind.ACTIVATE, n, one, fields) for n, one in enumerate(ids)], journal)
    assert journal.results() == {"0": "activated", "1": "failed", "2": "activated"}
    assert journal.codes() == {"1": "cloud_no_answer"}
