"""A person with two employee ids: hired again, changed names, or in the source twice."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.provisioning.change import WRITING, Change, Kind, declined
from rollcall.provisioning.consent import Consent
from rollcall.provisioning.employee import UNKNOWN, Employee, Supervisor
from rollcall.provisioning.mapping import DEFAULT_MAPPING, AttributeMapping, MappingRule
from rollcall.provisioning.plan import plan
from rollcall.provisioning.rules import Rules
from rollcall.provisioning.user import Origin, State, User
from tests.provisioning import strategies as some
from tests.provisioning.world import applied, codes, differences, employee, planned, user

MAIL = "mara1@example.org"
WITH_IDENTIFIER = Rules(
    AttributeMapping((*DEFAULT_MAPPING.rules, MappingRule("dynamic_7", "employeeIdentifier")))
)
LEFT = employee("1", status="inactive")
BACK = employee("2", email=MAIL)


def both_orders(*people: Employee, users: tuple[User, ...], rules: Rules) -> dict[str, Change]:
    """The plan of these people, which is the same in every order."""
    plans = [planned(order, users, rules) for order in itertools.permutations(people)]
    assert all(made == plans[0] for made in plans)
    return plans[0]


def offered(change: Change, why: str) -> None:
    """Assert that the change asks whether its employee is the person of user 1, and why."""
    assert change.asks is Consent.SAME_PERSON
    assert (change.user_id, change.external_id) == (user(1).id, "2")
    assert change.reason.code == why or why in codes(change)


@pytest.mark.parametrize("status", ["inactive", "leave"])
def test_whoever_is_hired_again_may_get_the_user_of_their_old_record(status: str) -> None:
    old = employee("1", status=status)
    changes = both_orders(old, BACK, users=(user(1),), rules=Rules())
    offered(changes["2"], "same_person_away")
    assert changes["1"].kind is Kind.SKIP
    assert changes["1"].reason.params == {"employee": "2"}


def test_on_a_later_day_the_suspended_user_is_offered_and_comes_back_if_allowed() -> None:
    suspended = user(1, state=State.SUSPENDED)
    kept = both_orders(LEFT, BACK, users=(suspended,), rules=Rules())
    offered(kept["2"], "same_person_away")
    assert "reactivation_not_allowed" in codes(kept["2"])
    rules = Rules(reactivation_allowed=True)
    back = both_orders(LEFT, BACK, users=(suspended,), rules=rules)["2"]
    offered(back, "same_person_away")
    assert back.kind is Kind.REACTIVATE


def test_an_old_record_that_is_no_longer_listed_does_not_hold_the_address() -> None:
    offered(planned([BACK], [user(1)])["2"], "same_person_absent")


def test_who_is_missing_from_an_incomplete_read_may_be_there_and_holds_the_address() -> None:
    change = planned([BACK], [user(1)], Rules(complete=False))["2"]
    assert (change.kind, change.reason.code) == (Kind.CONFLICT, "held_by_employee")


@pytest.mark.parametrize("email", [None, "", "n/a"])
@pytest.mark.parametrize("status", ["active", "inactive"])
def test_an_old_record_without_an_email_does_not_hold_the_address(
    status: str, email: str | None
) -> None:
    old = employee("1", status=status, email=email)
    changes = both_orders(old, BACK, users=(user(1),), rules=Rules())
    asked = "same_person_away" if status == "inactive" else "same_person_without_email"
    offered(changes["2"], asked)
    assert changes["1"].kind is Kind.SKIP


def test_an_old_record_at_work_whose_email_is_not_readable_holds_the_address() -> None:
    old = employee("1", email=UNKNOWN)
    changes = both_orders(old, BACK, users=(user(1),), rules=Rules())
    assert changes["2"].reason.code == "held_by_employee"


def test_two_working_records_with_one_address_are_a_conflict_and_touch_nobody() -> None:
    changes = both_orders(employee("1"), BACK, users=(user(1),), rules=Rules())
    assert {change.reason.code for change in changes.values()} == {"email_shared"}
    third = employee("3", email=MAIL, status="inactive")
    users = (user(1), user(3, email="old@example.org"))
    changes = both_orders(employee("1"), BACK, third, users=users, rules=Rules())
    assert {change.kind for change in changes.values()} == {Kind.CONFLICT}


def test_an_inactive_record_never_suspends_the_user_of_a_working_one() -> None:
    hers = user(2, email=MAIL)
    changes = both_orders(LEFT, BACK, users=(hers,), rules=Rules())
    assert {changes["2"].kind} == {Kind.UNCHANGED}
    assert (changes["1"].kind, changes["1"].reason.code) == (Kind.SKIP, "not_working")


def test_a_user_made_by_hand_goes_to_the_working_record_of_two() -> None:
    stranger = user(1, external_id=None, origin=Origin.HAND)
    changes = both_orders(LEFT, BACK, users=(stranger,), rules=Rules())
    assert changes["2"].asks is Consent.ADOPT
    assert changes["1"].reason.code == "not_working"


def test_two_users_of_one_person_stay_and_the_old_one_loses_access() -> None:
    users = (user(1, email="old@example.org"), user(2, email=MAIL))
    changes = both_orders(LEFT, BACK, users=users, rules=Rules())
    assert changes["2"].kind is Kind.UNCHANGED
    assert differences(changes["1"]) == {"state": ("ACTIVATED", "SUSPENDED")}


def test_a_new_name_before_the_rehire_is_found_by_the_address_of_both_records() -> None:
    renamed = employee("1", status="inactive", email="mara.berg@example.org")
    back = employee("2", email="mara.berg@example.org")
    changes = both_orders(renamed, back, users=(user(1),), rules=Rules())
    offered(changes["2"], "same_person_away")
    assert differences(changes["2"])["email"] == (MAIL, "mara.berg@example.org")


def test_two_old_records_with_users_are_a_conflict_that_suspends_neither() -> None:
    older = employee("3", status="inactive", email=MAIL)
    users = (user(1), user(3, email="m@example.org"))
    changes = both_orders(LEFT, older, BACK, users=users, rules=Rules())
    assert {change.reason.code for change in changes.values()} == {"same_person_several"}
    assert user(3).id in changes["2"].with_whom


@pytest.mark.parametrize("status", ["inactive", "leave"])
def test_who_has_left_twice_loses_access_whichever_record_has_the_user(status: str) -> None:
    again = employee("2", status=status, email=MAIL)
    for mine, other in (("1", "2"), ("2", "1")):
        users = (user(1, external_id=mine),)
        changes = both_orders(LEFT, again, users=users, rules=Rules())
        assert differences(changes[mine]) == {"state": ("ACTIVATED", "SUSPENDED")}
        assert changes[other].reason.code == "not_working"


def test_of_two_users_of_somebody_who_has_left_each_loses_access_and_keeps_the_email() -> None:
    users = (user(1), user(2, email="m@example.org"))
    changes = both_orders(
        LEFT, employee("2", status="inactive", email=MAIL), users=users, rules=Rules()
    )
    for change in changes.values():
        assert differences(change) == {"state": ("ACTIVATED", "SUSPENDED")}


def test_two_who_have_left_and_never_had_a_user_are_nobody_s_conflict() -> None:
    stranger = user(1, external_id=None, origin=Origin.HAND)
    again = employee("2", status="inactive", email=MAIL)
    for users in ((), (stranger,)):
        changes = both_orders(LEFT, again, users=users, rules=Rules())
        assert {change.reason.code for change in changes.values()} == {"not_working"}


def test_nobody_is_suspended_while_a_working_record_with_the_address_has_no_user() -> None:
    left = employee("1", status="inactive", email=None)
    people = [left, BACK, employee("3", email=MAIL)]
    changes = both_orders(*people, users=(user(1),), rules=Rules())
    assert changes["2"].kind is changes["3"].kind is Kind.CONFLICT
    assert codes(changes["1"]) == {"not_suspended_contended", "email_kept_empty"}


def test_an_identifier_kept_through_a_rehire_is_no_conflict() -> None:
    number = {"dynamic_7": "A1"}
    left = employee("1", status="inactive", custom=number)
    back = employee("2", email=MAIL, custom=number)
    users = (user(1, employeeIdentifier="A1"),)
    changes = both_orders(left, back, users=users, rules=WITH_IDENTIFIER)
    offered(changes["2"], "same_person_away")


def test_reports_follow_their_manager_to_the_new_record_only_if_it_comes_true() -> None:
    reports = [employee(n, supervisor=Supervisor(boss)) for n, boss in (("3", "1"), ("4", "2"))]
    changes = planned([LEFT, BACK, *reports], [user(1), user(3), user(4)])
    for report in "34":
        link = changes[report].manager
        assert link is not None
        assert (link.user_id, link.employee_id) == (user(1).id, "2")


def test_what_nobody_agrees_to_is_a_conflict_that_says_who_the_user_is() -> None:
    change = planned([LEFT, BACK], [user(1, origin=Origin.IMPORT)])["2"]
    refused = declined(change)
    assert (refused.kind, refused.fields, refused.external_id) == (Kind.CONFLICT, (), None)
    assert refused.with_whom == ("1", user(1).id)
    assert "belongs to the employee 1" in refused.reason.text()
    assert "mara1 (Mara Voß)" in refused.warnings[0].text()


# -- what holds in all orders ------------------------------------------------------------------

_RECORDS = st.sampled_from(["active", "inactive", "leave", "without", "absent", "renamed"])


@st.composite
def returners(draw: st.DrawFn) -> tuple[list[list[Employee]], list[User]]:
    """Days of a company in which people leave, come back under a new id, and are in it twice."""
    users = [
        user(
            10 * number,
            email=f"p{number}@example.org",
            username=f"p{number}",
            state=draw(st.sampled_from([State.ACTIVATED, State.SUSPENDED])),
            external_id=draw(st.sampled_from([str(10 * number), None])),
        )
        for number in range(1, 4)
        if draw(st.booleans())
    ]
    days = [
        [
            record
            for number in range(1, 4)
            for version in range(draw(st.integers(1, 3)))
            if (record := _record(number, version, draw(_RECORDS))) is not None
        ]
        for _ in range(draw(st.integers(1, 3)))
    ]
    return [draw(st.permutations(day)) for day in days], users


def _record(person: int, version: int, how: str) -> Employee | None:
    email: str | None = f"p{person}@example.org"
    if how == "absent":
        return None
    if how == "without":
        email = None
    if how == "renamed":
        email = f"p{person}.new@example.org"
    status = how if how in ("active", "inactive", "leave") else "active"
    return employee(str(10 * person + version), email=email, status=status)


@settings(max_examples=200, deadline=None)
@given(returners(), st.booleans(), st.randoms(use_true_random=False))
def test_a_returner_is_never_doubled_nor_suspended_at_work_in_whatever_order(
    world: tuple[list[list[Employee]], list[User]], reactivates: bool, random: object
) -> None:
    days, users = world
    rules = Rules(reactivation_allowed=reactivates)
    for people in days:
        made = plan(people, users, rules)
        assert made == plan(people[::-1], users[::-1], rules)
        after = applied(made, users)
        emails = [one.email for one in after]
        assert len(emails) == len(set(emails))
        carried = [one.external_id for one in after if one.external_id]
        assert len(carried) == len(set(carried))
        _nobody_at_work_lost_access(people, users, after)
        users = after


def _nobody_at_work_lost_access(
    people: list[Employee], users: list[User], after: list[User]
) -> None:
    before = {one.id: one for one in users}
    with_user = {one.external_id for one in after}
    for one in after:
        had_access = one.id in before and before[one.id].state is not State.SUSPENDED
        if not (had_access and one.state is State.SUSPENDED):
            continue
        owner = next((p for p in people if p.id == one.external_id), None)
        assert owner is not None
        assert owner.status in ("inactive", "leave")
        at_work = [p for p in people if p.email == one.email and p.status == "active"]
        assert all(p.id in with_user for p in at_work)


@settings(max_examples=200, deadline=None)
@given(some.worlds, some.rules())
def test_what_is_declined_writes_nothing_and_every_takeover_says_what_it_asks(
    world: tuple[list[Employee], list[User]], rules: Rules
) -> None:
    by_id = {one.id: one for one in world[1]}
    for change in plan(*world, rules).changes:
        if change.external_id and change.kind is not Kind.CREATE:
            assert change.takeover is not None
            assert change.takeover.moved(by_id[change.user_id or ""]) is None
        if change.asks:
            assert declined(change).kind not in WRITING
            assert all(reason.text() for reason in declined(change).warnings)
