"""The organization's default states and the catalogue of applications."""

from __future__ import annotations

import pytest

from rollcall.directory import catalogue, organization, services
from rollcall.provisioning.user import State
from rollcall.targets.builtin.target import BuiltinTarget
from tests.actors import TESTER


@pytest.mark.django_db
def test_default_states_are_set_by_creation_source() -> None:
    before = organization.default_states()
    assert (before.manualEntry, before.csvImport) == (State.ACTIVATED, State.STAGED)
    services.update_organization(TESTER, {"applicationImport": State.ACTIVATED})
    after = organization.default_states()
    assert after.applicationImport is State.ACTIVATED
    assert after.csvImport is State.STAGED
    assert BuiltinTarget("personio").default_state() is State.ACTIVATED


@pytest.mark.django_db
def test_nobody_starts_suspended() -> None:
    refused = services.update_organization(TESTER, {"csvImport": State.SUSPENDED})
    assert isinstance(refused, services.Refused)
    assert organization.default_states().csvImport is State.STAGED


@pytest.mark.django_db
def test_bulk_requests_count_as_csv_imports_and_others_as_application_imports() -> None:
    services.update_organization(TESTER, {"csvImport": State.ACTIVATED})
    assert organization.creation_state("jumpcloud:bulk") is State.ACTIVATED
    assert organization.creation_state("jumpcloud:workday") is State.STAGED


def test_the_import_connectors_come_first() -> None:
    first, *others = catalogue.templates()
    assert (first.name, first.kind, first.featured) == ("personio", "import", True)
    assert len(others) >= 12
    assert [(one.name, one.kind) for one in others if one.featured] == [("csv", "import")]
    assert others[0].featured


def test_every_template_makes_an_application_that_the_model_takes() -> None:
    for one in catalogue.templates():
        catalogue.draft(one.name).clean_fields()
    assert len({one.name for one in catalogue.templates()}) == len(catalogue.templates())


def test_the_catalogue_is_searched_by_words() -> None:
    assert [one.name for one in catalogue.search("PERSON")] == ["personio"]
    assert [one.name for one in catalogue.search("jira")] == ["atlassian"]
