"""Every user is read once, whatever happens to the list meanwhile."""

from __future__ import annotations

from rollcall.provisioning.user import Origin, State, User
from rollcall.targets.jumpcloud import JumpCloudTarget
from tests.targets.jumpcloud.cloud import Cloud, Fault


def fill(cloud: Cloud, count: int) -> list[str]:
    """So many people, in the order of their ids."""
    return [
        cloud.add(username=f"p{number}", email=f"person{number}@example.org")
        for number in range(count)
    ]


def test_it_reads_all_pages_with_one_request_each(cloud: Cloud, directory: JumpCloudTarget) -> None:
    ids = fill(cloud, 1050)
    assert [one.id for one in directory.users()] == ids
    assert directory.requests == 11


def test_a_user_comes_with_every_field_that_planning_compares(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    boss = cloud.add(username="boss", email="boss@example.org")
    cloud.add(
        username="mara",
        email="mara@example.org",
        firstname="Mara",
        lastname="Voß",
        state="SUSPENDED",
        jobTitle="Buyer",
        department="Purchasing",
        employeeIdentifier="1007",
        manager=boss,
        attributes=[{"name": "team", "value": "red"}, {"name": "personioId", "value": "1007"}],
    )
    cloud.add(username="old", email="old@example.org", employeeIdentifier="HR-1")
    _, mara, old = directory.users()
    assert mara == User(
        id=mara.id,
        username="mara",
        email="mara@example.org",
        state=State.SUSPENDED,
        firstname="Mara",
        lastname="Voß",
        jobTitle="Buyer",
        department="Purchasing",
        employeeIdentifier="1007",
        manager=boss,
        external_id="1007",
        attributes={"team": "red", "personioId": "1007"},
        origin=Origin.IMPORT,
    )
    assert (old.employeeIdentifier, old.external_id) == ("HR-1", None)


def test_what_was_read_is_looked_at_again_without_a_request(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    fill(cloud, 250)
    cloud.add(username="mara", email="mara@example.org", lastname="Voß\n", state="SUSPENDED")
    users = list(directory.users())
    sent = directory.requests
    wanted = [users[-1].id, users[7].id, "0" * 24]
    assert list(directory.users_of(wanted)) == [users[-1], users[7]]
    assert directory.requests == sent


def test_a_strangers_number_is_not_taken_for_a_personio_id(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    cloud.add(username="mara", email="mara@example.org", employeeIdentifier="1007")
    (mara,) = directory.users()
    assert (mara.employeeIdentifier, mara.external_id) == ("1007", None)


def test_nobody_is_lost_when_somebody_is_deleted_meanwhile(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    ids = fill(cloud, 550)

    def shrink(skip: int) -> None:
        if skip:
            cloud.users.pop(ids[3], None)

    cloud.before_page = shrink
    found = [one.id for one in directory.users()]
    assert len(found) == len(set(found))
    assert set(ids) - {ids[3]} <= set(found)


def test_nobody_is_lost_when_somebody_is_added_meanwhile(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    ids = fill(cloud, 500)

    def grow(skip: int) -> None:
        if skip == 400 and len(cloud.users) == 500:
            cloud.add(username="new", email="new@example.org")

    cloud.before_page = grow
    found = [one.id for one in directory.users()]
    assert len(found) == len(set(found)) == 501
    assert set(ids) < set(found)


def test_pages_that_fail_are_asked_for_again(cloud: Cloud, directory: JumpCloudTarget) -> None:
    ids = fill(cloud, 500)
    cloud.faults = [
        Fault("systemusers", kind) for kind in ("429", "500", "502", "504", "lose", "drop")
    ]
    assert [one.id for one in directory.users()] == ids


def test_reading_may_stop_early(cloud: Cloud, directory: JumpCloudTarget) -> None:
    ids = fill(cloud, 1000)
    users = directory.users()
    assert next(users).id == ids[0]
    users.close()  # type: ignore[attr-defined]  # it is a generator
    assert directory.requests == 1


def test_an_empty_organization_has_no_users(directory: JumpCloudTarget) -> None:
    assert list(directory.users()) == []
