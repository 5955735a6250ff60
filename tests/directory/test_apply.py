"""Applying a batch of changes to the built-in directory."""

from __future__ import annotations

import pytest

from rollcall.directory.builtin.directory import BuiltinDirectory
from rollcall.directory.builtin.models import Organization, User
from rollcall.provisioning.change import Kind, ManagerLink, Result
from rollcall.provisioning.user import State
from tests.directory.people import Ledger, change, employee, hire, person

pytestmark = pytest.mark.django_db


def test_it_makes_users_with_all_their_values() -> None:
    ledger = Ledger()
    mara = hire(1, email="Mara.Voss@Example.org", lastname="Voß", attributes__costObject="77")
    BuiltinDirectory().apply([mara, hire(2)], ledger)
    user = User.objects.get(external_source="personio", external_id="1")
    assert (user.email, user.lastname) == ("mara.voss@example.org", "Voß")
    assert (user.department, user.jobTitle, user.state) == ("Purchasing", "Buyer", "STAGED")
    assert user.employeeIdentifier is None
    assert user.creationSource == "jumpcloud:custom_integration"
    assert user.provenance["lastname"][0] == "personio"
    assert ledger.outcomes["1"].result is Result.CREATED
    assert ledger.outcomes["1"].user_id == user.id
    assert ledger.calls == 1


def test_a_user_without_a_state_gets_the_organizations_default() -> None:
    organization = Organization.the()
    organization.applicationImport = "ACTIVATED"
    organization.save()
    new = hire(1)
    bare = [one for one in new.fields if one.field != "state"]
    from dataclasses import replace

    BuiltinDirectory().apply([replace(new, fields=tuple(bare))], Ledger())
    assert User.objects.get().state == "ACTIVATED"
