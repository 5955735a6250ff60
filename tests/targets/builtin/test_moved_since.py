"""What others have written since a plan was made is not overwritten, and its outcomes say so."""

from __future__ import annotations

import pytest

from rollcall.directory import services
from rollcall.directory.models import User
from rollcall.directory.services import HAND, UserChange
from rollcall.provisioning.change import Kind, Result
from rollcall.targets.base import Link
from rollcall.targets.builtin.target import BuiltinTarget
from tests.actors import TESTER
from tests.targets.builtin.people import Ledger, change, employee

pytestmark = pytest.mark.django_db


def write(user: User, **values: str | None) -> None:
    services.update_users(TESTER, HAND, [UserChange(user.id, values)])


def test_a_field_written_meanwhile_stays_and_the_rest_is_written() -> None:
    user = employee(1, department="Purchasing", jobTitle="Buyer")
    planned = change(user, department="Sales", jobTitle="Seller")
    write(user, department="Legal")
    ledger = Ledger()
    BuiltinTarget("personio").apply([planned], ledger)
    user.refresh_from_db()
    assert (user.department, user.jobTitle) == ("Legal", "Seller")
    outcome = ledger.outcomes["1"]
    assert outcome.result is Result.CONFLICT
    assert outcome.error is not None
    assert (outcome.error.code, outcome.error.params["fields"]) == ("moved_since", "department")
    assert outcome.error.params["who"] == "hand"
    assert "department" in outcome.error.text()


def test_somebody_who_left_loses_access_whatever_else_was_written() -> None:
    user = employee(1, state="ACTIVATED", department="Purchasing")
    planned = change(user, Kind.SUSPEND, state="SUSPENDED", department="Sales")
    write(user, department="Legal")
    BuiltinTarget("personio").apply([planned], Ledger())
    user.refresh_from_db()
    assert (user.state, user.department) == ("SUSPENDED", "Legal")


def test_what_somebody_else_has_written_already_is_unchanged() -> None:
    user = employee(1, department="Purchasing", attributes=[{"name": "desk", "value": "A"}])
    planned = change(user, department="Sales", attributes__desk="B")
    write(user, department="Sales", **{"attributes.desk": "B"})
    ledger = Ledger()
    BuiltinTarget("personio").apply([planned], ledger)
    outcome = ledger.outcomes["1"]
    assert (outcome.result, outcome.error and outcome.error.code) == (
        Result.UNCHANGED,
        "written_since",
    )
    assert User.objects.get(pk=user.pk).provenance["department"][0] == HAND


def test_a_custom_attribute_written_meanwhile_stays() -> None:
    user = employee(1, attributes=[{"name": "desk", "value": "A"}])
    planned = change(user, attributes__desk="B", attributes__floor="3")
    write(user, **{"attributes.desk": "C"})
    ledger = Ledger()
    BuiltinTarget("personio").apply([planned], ledger)
    user.refresh_from_db()
    assert {one["name"]: one["value"] for one in user.attributes} == {"desk": "C", "floor": "3"}
    assert ledger.outcomes["1"].result is Result.CONFLICT


def test_a_manager_set_meanwhile_stays() -> None:
    old, new, other, user = (employee(number) for number in range(1, 5))
    write(user, manager=other.id)
    ledger = Ledger()
    BuiltinTarget("personio").link_managers([Link("4", user.id, new.id, (old.id,))], ledger)
    user.refresh_from_db()
    assert user.manager_id == other.id
    outcome = ledger.outcomes["4"]
    assert (outcome.result, outcome.error and outcome.error.code) == (
        Result.CONFLICT,
        "manager_moved_since",
    )


def test_a_manager_that_somebody_else_has_set_as_wished_is_no_clash() -> None:
    old, new, user = (employee(number) for number in range(1, 4))
    write(user, manager=new.id)
    ledger = Ledger()
    BuiltinTarget("personio").link_managers([Link("3", user.id, new.id, (old.id,))], ledger)
    assert ledger.outcomes == {}
