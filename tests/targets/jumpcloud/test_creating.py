"""New users reach the organization once each, and everybody has an outcome."""

from __future__ import annotations

import pytest

from rollcall.targets import jumpcloud
from rollcall.targets.errors import TargetRefused
from rollcall.targets.jumpcloud import Identity, JumpCloudTarget
from tests.targets.jumpcloud.cloud import KEY, READ_ONLY_KEY, Cloud, Fault
from tests.targets.jumpcloud.conftest import QUICK
from tests.targets.jumpcloud.people import Memory, create

BULK = "POST /api/v2/bulk/users$"


def test_it_makes_the_users_of_a_batch_by_one_job(cloud: Cloud, directory: JumpCloudTarget) -> None:
    journal = Memory()
    directory.apply([create(number) for number in range(100)], journal)
    assert set(journal.results().values()) == {"created"}
    assert len(cloud.users) == 100
    assert cloud.count("POST", "/bulk/users$") == 1
    made = cloud.by_email("person7@example.org")
    assert journal.outcomes["7"].user_id == made["_id"]
    assert (made["employeeIdentifier"], made["state"]) == ("7", "STAGED")
    assert made["attributes"] == [{"name": "personioId", "value": "7"}]


def test_the_organization_default_decides_the_state_unless_one_was_chosen(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    directory.apply([create(1, state="STAGED"), create(2, state="ACTIVATED")], Memory())
    (sent,) = (one.body for one in cloud.traffic if one.path.endswith("/bulk/users"))
    assert ["state" in one for one in sent] == [False, True]
    assert cloud.by_email("person1@example.org")["state"] == "STAGED"
    assert cloud.by_email("person2@example.org")["state"] == "ACTIVATED"


def test_the_personio_id_goes_into_the_custom_attribute_where_the_identifier_is_mapped(
    cloud: Cloud,
) -> None:
    to = jumpcloud.Account(cloud.url, KEY)
    identity = Identity("personioId", in_identifier=False)
    with JumpCloudTarget(to, identity=identity, pace=QUICK) as directory:
        directory.apply([create(1, **{"attributes.team": "red"})], Memory())
        (user,) = directory.users()
    assert user.employeeIdentifier is None
    assert user.attributes == {"team": "red", "personioId": "1"}
    assert user.external_id == "1"


def test_the_personio_id_goes_into_the_custom_attribute_where_the_identifier_is_taken(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    cloud.add(username="old", email="old@example.org", employeeIdentifier="1")
    journal = Memory()
    directory.apply([create(1), create(2)], journal)
    assert journal.results() == {"1": "created", "2": "created"}
    made = cloud.by_email("person1@example.org")
    assert made["attributes"] == [{"name": "personioId", "value": "1"}]
    assert "employeeIdentifier" not in made
    assert made["state"] == "STAGED"


@pytest.mark.parametrize("read_before", [True, False])
def test_an_organization_full_of_foreign_numbers_costs_no_call_per_person(
    cloud: Cloud, directory: JumpCloudTarget, read_before: bool
) -> None:
    for number in range(100):
        one = str(number)
        cloud.add(username=f"o{one}", email=f"o{one}@example.org", employeeIdentifier=one)
    if read_before:
        assert len(list(directory.users())) == 100
    journal = Memory()
    directory.apply([create(number) for number in range(100)], journal)
    assert set(journal.results().values()) == {"created"}
    assert cloud.count("POST", "/api/systemusers$") == 0
    assert cloud.count("POST", "/bulk/users$") == 1
    assert directory.requests <= 6


@pytest.mark.parametrize(
    "existing",
    [
        {"username": "person1", "email": "other@example.org"},
        {"username": "other", "email": "person1@example.org"},
    ],
)
def test_a_taken_username_or_email_is_a_conflict_of_that_person_alone(
    cloud: Cloud, directory: JumpCloudTarget, existing: dict[str, str]
) -> None:
    there = cloud.add(**existing)
    journal = Memory()
    directory.apply([create(1), create(2)], journal)
    assert journal.results() == {"1": "conflict", "2": "created"}
    error = journal.outcomes["1"].error
    assert error is not None
    assert error.params["with_whom"] == there
    assert there in error.text()


def test_an_email_taken_in_another_organization_is_a_conflict_that_says_so(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    cloud.taken_elsewhere.add("person1@example.org")
    journal = Memory()
    directory.apply([create(1), create(2)], journal)
    assert journal.results() == {"1": "conflict", "2": "created"}
    error = journal.outcomes["1"].error
    assert error is not None
    assert "across all JumpCloud organizations" in error.text()


def test_an_existing_user_is_adopted_only_if_it_carries_the_personio_id(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    mark = [{"name": "personioId", "value": "1"}]
    ours = cloud.add(username="p", email="person1@example.org", attributes=mark)
    stranger = cloud.add(username="q", email="person2@example.org", employeeIdentifier="2")
    journal = Memory()
    directory.apply([create(1), create(2)], journal)
    assert journal.results() == {"1": "created", "2": "conflict"}
    assert journal.outcomes["1"].user_id == ours
    assert cloud.users.keys() == {ours, stranger}


def test_a_job_that_calls_itself_finished_but_made_nobody_is_not_believed(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    cloud.makes_nobody = True
    journal = Memory()
    directory.apply([create(1), create(2)], journal)
    assert journal.codes() == {"1": "cloud_not_made", "2": "cloud_not_made"}


@pytest.mark.parametrize("names_users", [True, False])
@pytest.mark.parametrize("word", ["finished", "Persisted!"])
def test_unknown_words_and_nameless_results_are_settled_by_looking_the_people_up(
    cloud: Cloud, directory: JumpCloudTarget, word: str, names_users: bool
) -> None:
    cloud.word, cloud.names_users = word, names_users
    cloud.taken_elsewhere.add("person2@example.org")
    journal = Memory()
    directory.apply([create(1), create(2)], journal)
    assert journal.outcomes["1"].user_id == cloud.by_email("person1@example.org")["_id"]
    assert journal.results()["2"] in {"conflict", "failed"}


def test_a_slow_job_is_waited_for(cloud: Cloud, directory: JumpCloudTarget) -> None:
    cloud.polls_until_done = 5
    journal = Memory()
    directory.apply([create(1)], journal)
    assert journal.results() == {"1": "created"}


def test_results_that_carry_the_users_id_need_no_search(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    cloud.gives_ids = True
    assert not list(directory.users())
    journal = Memory()
    directory.apply([create(1)], journal)
    assert journal.outcomes["1"].user_id == cloud.by_email("person1@example.org")["_id"]
    assert cloud.count("POST", "search") == 0


def test_a_batch_refused_for_one_record_is_sent_one_by_one(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    cloud.strict_batches = True
    cloud.faults = [Fault("POST /api/systemusers", "lose", times=2)]
    journal = Memory()
    directory.apply([create(1), create(2, lastname="!"), create(3)], journal)
    assert journal.results() == {"1": "created", "2": "failed", "3": "created"}
    error = journal.outcomes["2"].error
    assert error is not None
    assert "lastname is not valid" in error.text()
    assert cloud.by_email("person1@example.org")["state"] == "STAGED"


@pytest.mark.parametrize("kind", ["500", "drop", "lose"])
def test_a_bulk_request_without_an_answer_makes_nobody_twice(
    cloud: Cloud, directory: JumpCloudTarget, kind: str
) -> None:
    cloud.faults = [Fault(BULK, kind, times=2)]
    journal = Memory()
    directory.apply([create(number) for number in range(5)], journal)
    assert set(journal.results().values()) == {"created"}
    assert len(cloud.users) == 5
    assert cloud.count("POST", "/bulk/users$") == (1 if kind == "lose" else 3)


@pytest.mark.parametrize("crash_on", ["before job", "after job"])
def test_a_killed_batch_is_picked_up_and_never_sent_twice(
    cloud: Cloud, directory: JumpCloudTarget, crash_on: str
) -> None:
    changes = [create(number) for number in range(5)]
    journal = Memory(crash_on=crash_on)
    with pytest.raises(KeyboardInterrupt):
        directory.apply(changes, journal)
    journal.crash_on = ""
    directory.apply(changes, journal)
    assert set(journal.results().values()) == {"created"}
    assert cloud.count("POST", "/bulk/users$") == 1
    assert len(cloud.users) == 5


def test_a_key_that_may_not_write_stops_the_run_and_keeps_what_is_done(cloud: Cloud) -> None:
    with (
        JumpCloudTarget(jumpcloud.Account(cloud.url, READ_ONLY_KEY), pace=QUICK) as directory,
        pytest.raises(TargetRefused, match="read-only"),
    ):
        directory.apply([create(1)], Memory())


def test_a_key_revoked_in_the_middle_stops_the_run_with_outcomes_kept(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    first, second = Memory(), Memory()
    directory.apply([create(1)], first)
    cloud.faults = [Fault("bulk", "401", times=99)]
    with pytest.raises(TargetRefused, match="JUMPCLOUD_API_KEY"):
        directory.apply([create(2)], second)
    assert first.results() == {"1": "created"}
    assert second.results() == {}
