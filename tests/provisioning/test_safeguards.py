"""When an import is stopped before it writes."""

from __future__ import annotations

from rollcall.provisioning.directory_index import DirectoryIndex
from rollcall.provisioning.employee import Employee, Supervisor
from rollcall.provisioning.plan import plan
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.rules import Rules
from rollcall.provisioning.safeguards import Safeguards, Totals, brake
from rollcall.provisioning.user import State, User
from tests.provisioning.world import employee, user


def stopped(
    people: list[Employee], users: list[User], safeguards: Safeguards | None = None
) -> Reason | None:
    """Why the import of these people is stopped."""
    changes = plan(people, users, Rules()).changes
    totals = Totals.of(changes, {one.id: one for one in users})
    return brake(totals, DirectoryIndex.of(users), safeguards or Safeguards())


def leavers(count: int, of: int) -> list[Employee]:
    """So many people, the first of whom have left."""
    return [
        employee(str(one), status="inactive" if one <= count else "active")
        for one in range(1, of + 1)
    ]


USERS = [user(one) for one in range(1, 201)]


def test_an_ordinary_day_is_not_stopped() -> None:
    assert stopped(leavers(20, 200), USERS) is None


def test_too_many_leavers_stop_the_import_with_the_numbers_and_the_setting() -> None:
    reason = stopped(leavers(21, 200), USERS)
    assert reason is not None
    said = reason.text()
    assert said.startswith("21 of 200 users would lose access, more than the 20 allowed.")
    assert "option “most suspensions”" in said
    assert stopped(leavers(21, 200), USERS, Safeguards(max_suspensions_share=0.2)) is None


def test_a_small_company_may_lose_ten_people_at_once() -> None:
    assert stopped(leavers(10, 12), USERS[:12]) is None
    assert stopped(leavers(11, 12), USERS[:12]) is not None


def test_users_who_are_suspended_already_do_not_raise_the_limit() -> None:
    users = [*USERS[:100], *(user(one, state=State.SUSPENDED) for one in range(101, 201))]
    assert stopped(leavers(11, 200), users) is not None


def test_an_empty_read_of_a_directory_with_linked_users_is_stopped() -> None:
    reason = stopped([], USERS)
    assert reason is not None
    assert "listed no employee, while 200 users" in reason.text()


def test_an_implausibly_small_read_is_stopped() -> None:
    reason = stopped(leavers(0, 99), USERS)
    assert reason is not None
    assert "listed 99 employees" in reason.text()
    assert stopped(leavers(0, 100), USERS) is None


def test_an_empty_read_of_an_empty_directory_is_fine() -> None:
    assert stopped([], []) is None
    assert stopped([], [user(1, external_id=None)]) is None


def test_a_field_that_many_would_lose_stops_the_import_and_is_named() -> None:
    people = [employee(str(one), department=None) for one in range(1, 201)]
    reason = stopped(people, USERS)
    assert reason is not None
    assert reason.text().startswith("department would become empty for 200 of the 200 users")
    assert stopped(people, USERS, Safeguards(max_blanked_share=1)) is None


def test_managers_that_the_plan_makes_do_not_count_as_lost() -> None:
    users = [user(one, manager=user(500).id) for one in range(1, 101)]
    people = [employee(str(one), supervisor=Supervisor("900")) for one in range(1, 101)]
    assert stopped([*people, employee("900")], users) is None
    assert stopped([employee(str(one)) for one in range(1, 101)], users) is not None
