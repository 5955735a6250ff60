"""What the built-in directory tells an import of itself and its users."""

from __future__ import annotations

import pytest

from rollcall.directory.models import Organization, User
from rollcall.provisioning.user import State
from rollcall.targets.base import Target
from rollcall.targets.builtin.target import BuiltinTarget
from tests.targets.builtin.people import employee, identify, person

pytestmark = pytest.mark.django_db


def test_it_is_a_directory() -> None:
    directory: Target = BuiltinTarget("personio")
    access = directory.check()
    assert access.organization_id == Organization.the().id
    assert (access.name, access.may_write) == ("Rollcall", True)


def test_imported_users_are_staged_until_an_administrator_says_otherwise() -> None:
    assert BuiltinTarget("personio").default_state() is State.STAGED
    Organization.objects.update(applicationImport="ACTIVATED")
    assert BuiltinTarget("personio").default_state() is State.ACTIVATED


def test_it_reads_users_as_the_plan_compares_them() -> None:
    boss = employee(1, state="ACTIVATED")
    attributes = [{"name": "desk", "value": "A1"}]
    employee(2, manager=boss, employeeIdentifier="1007", attributes=attributes, costCenter="4100")
    first, second = sorted(BuiltinTarget("personio").users(), key=lambda one: one.username)
    assert (first.id, first.state, first.external_id) == (boss.id, State.ACTIVATED, "1")
    assert (second.manager, second.employeeIdentifier, second.costCenter) == (
        boss.id,
        "1007",
        "4100",
    )
    assert second.attributes == {"desk": "A1"}
    assert (second.email, second.external_id) == ("person2@example.org", "2")


def test_some_users_are_read_again_as_they_are_now() -> None:
    changed, gone, _ = (employee(number) for number in (1, 2, 3))
    ids = [changed.id, gone.id]
    User.objects.filter(id=changed.id).update(department="Sales")
    gone.delete()
    (again,) = BuiltinTarget("personio").users_of(ids)
    assert (again.id, again.department, again.external_id) == (ids[0], "Sales", "1")
    assert list(BuiltinTarget("personio").users_of([])) == []


def test_an_identity_of_another_source_is_not_ours() -> None:
    identify(person(1), "77", source="scim")
    (user,) = BuiltinTarget("personio").users()
    assert user.external_id is None
    (user,) = BuiltinTarget(source="scim").users()
    assert user.external_id == "77"


def test_search_finds_every_word_in_names_and_addresses() -> None:
    person(1, firstname="Mara", lastname="Voss")
    person(2, firstname="Mara", lastname="Quist")
    assert User.objects.search("mara vos").count() == 1
    assert User.objects.search("person2@").count() == 1
    assert User.objects.search("").count() == 2
