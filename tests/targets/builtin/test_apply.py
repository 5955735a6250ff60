"""Applying a batch of changes to the built-in directory."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rollcall.directory.models import Organization, User
from rollcall.provisioning.change import Kind, ManagerLink, Result
from rollcall.targets.builtin.target import BuiltinTarget
from tests.targets.builtin.people import Ledger, change, employee, employee_of, hire, person

pytestmark = pytest.mark.django_db


def test_it_makes_users_with_all_their_values() -> None:
    ledger = Ledger()
    mara = hire(1, email="Mara.Voss@Example.org", lastname="Voß", attributes__costObject="77")
    BuiltinTarget("personio").apply([mara, hire(2)], ledger)
    user = User.objects.get(identities__source="personio", identities__external_id="1")
    assert (user.email, user.lastname) == ("mara.voss@example.org", "Voß")
    assert (user.department, user.jobTitle, user.state) == ("Purchasing", "Buyer", "STAGED")
    assert user.employeeIdentifier is None
    assert user.creationSource == "jumpcloud:custom_integration"
    assert user.attributes == [{"name": "costObject", "value": "77"}]
    assert user.provenance["lastname"][0] == "personio"
    assert ledger.outcomes["1"].result is Result.CREATED
    assert ledger.outcomes["1"].user_id == user.id
    assert (len(ledger.outcomes), ledger.calls) == (2, 1)


def test_a_user_without_a_state_gets_the_organizations_default() -> None:
    organization = Organization.the()
    organization.applicationImport = "ACTIVATED"
    organization.save()
    new = hire(1)
    stateless = tuple(one for one in new.fields if one.field != "state")
    BuiltinTarget("personio").apply([replace(new, fields=stateless)], Ledger())
    assert User.objects.get().state == "ACTIVATED"


def test_it_writes_the_fields_of_the_change_and_no_others() -> None:
    user = employee(1, department="Purchasing", location="Kiel")
    other = employee(2, jobTitle="Buyer")
    ledger = Ledger()
    changes = [
        change(user, department="Sales", email="New.Name@example.org", location=None),
        change(other, jobTitle="Head of buying"),
    ]
    BuiltinTarget("personio").apply(changes, ledger)
    before = user.created
    user.refresh_from_db()
    other.refresh_from_db()
    assert (user.department, user.email, user.location) == ("Sales", "new.name@example.org", "")
    assert (user.lastname, employee_of(user), user.created) == ("Last1", "1", before)
    assert (other.jobTitle, other.department) == ("Head of buying", "")
    assert set(user.provenance) == {"department", "email", "location"}
    assert set(other.provenance) == {"jobTitle"}
    assert {one.result for one in ledger.outcomes.values()} == {Result.UPDATED}


@pytest.mark.parametrize(
    ("kind", "state", "result"),
    [
        (Kind.SUSPEND, "SUSPENDED", Result.SUSPENDED),
        (Kind.REACTIVATE, "ACTIVATED", Result.REACTIVATED),
        (Kind.ACTIVATE, "ACTIVATED", Result.ACTIVATED),
    ],
)
def test_it_moves_users_between_states(kind: Kind, state: str, result: Result) -> None:
    user = employee(1)
    ledger = Ledger()
    BuiltinTarget("personio").apply([change(user, kind, state=state, jobTitle="Buyer")], ledger)
    user.refresh_from_db()
    assert (user.state, user.jobTitle) == (state, "Buyer")
    assert ledger.outcomes["1"].result is result


def test_custom_attributes_are_merged_by_name() -> None:
    existing = [{"name": "badge", "value": "7"}, {"name": "desk", "value": "A1"}]
    user = employee(1, attributes=existing)
    changed = change(user, attributes__desk="B2", attributes__floor="3", attributes__badge=None)
    BuiltinTarget("personio").apply([changed], Ledger())
    user.refresh_from_db()
    assert user.attributes == [{"name": "desk", "value": "B2"}, {"name": "floor", "value": "3"}]


def test_a_matched_user_carries_the_employee_from_then_on() -> None:
    user = person(1)
    BuiltinTarget("personio").apply([change(user, external_id="41", jobTitle="Buyer")], Ledger())
    user.refresh_from_db()
    assert employee_of(user) == "41"


def test_a_change_of_the_manager_alone_is_an_update() -> None:
    user = employee(1)
    ledger = Ledger()
    linking = change(user, Kind.LINK_MANAGER, manager=ManagerLink(employee_id="9"))
    BuiltinTarget("personio").apply([linking], ledger)
    assert ledger.outcomes["1"].result is Result.UPDATED
    assert ledger.outcomes["1"].user_id == user.id


def test_a_batch_applied_again_makes_nobody_twice_writes_nothing_and_says_so() -> None:
    old = employee(5)
    changes = [hire(1), hire(2), change(old, department="Sales")]
    first, second = Ledger(), Ledger()
    BuiltinTarget("personio").apply(changes, first)
    written = list(User.objects.order_by("id").values())
    BuiltinTarget("personio").apply(changes, second)
    assert list(User.objects.order_by("id").values()) == written
    assert {key: one.user_id for key, one in second.outcomes.items()} == {
        key: one.user_id for key, one in first.outcomes.items()
    }
    assert {key: one.result for key, one in first.outcomes.items()} == {
        "1": Result.CREATED,
        "2": Result.CREATED,
        "5": Result.UPDATED,
    }
    said = {key: (one.result, one.error.code) for key, one in second.outcomes.items() if one.error}
    assert said == {
        "1": (Result.SKIPPED, "made_since"),
        "2": (Result.SKIPPED, "made_since"),
        "5": (Result.UNCHANGED, "written_since"),
    }


def test_an_email_that_differs_only_in_case_is_no_difference() -> None:
    user = employee(1)
    BuiltinTarget("personio").apply([change(user, email="Person1@Example.org")], Ledger())
    assert User.objects.get().updated == user.updated


def test_outcomes_and_users_are_written_together_or_not_at_all() -> None:
    class Full(Ledger):
        def record(self, outcomes: object) -> None:
            raise RuntimeError("the record cannot be kept")

    with pytest.raises(RuntimeError):
        BuiltinTarget("personio").apply([hire(1)], Full())
    assert not User.objects.exists()
