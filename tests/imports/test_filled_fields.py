"""The ownership marks: which fields the next import fills is asked of its own mapping."""

from __future__ import annotations

import pytest

from rollcall.directory.models import User
from rollcall.imports.filled_fields import filled_by_the_next_import
from rollcall.imports.models import Connection, Run, RunState
from rollcall.imports.options import Options
from rollcall.provisioning.mapping import DEFAULT_MAPPING
from tests.imports.world import imported, personio

pytestmark = pytest.mark.django_db

EVERY = {rule.target for rule in DEFAULT_MAPPING.rules}
WITHOUT_OFFICE = Options(without=("office",)).to_record()


@pytest.fixture
def connection() -> Connection:
    """An account that is connected to the built-in directory."""
    return Connection.objects.create(name="Personio", source="personio", key="personio")


def ran(connection: Connection, number: int, state: RunState, options: object) -> None:
    """An import of the account with these options."""
    Run.objects.create(
        number=number, connection=connection, state=state, options=options, target=connection.target
    )


@pytest.mark.usefixtures("carrying_out")
def test_what_an_import_left_out_is_not_promised_and_keeps_what_was_typed() -> None:
    with personio(12) as company:
        imported(company.account, options=Options(without=("office",)))
        user = User.objects.exclude(department="").first()
        assert user is not None
        filled = filled_by_the_next_import(user.sources)
        assert filled == EVERY - {"location"}
        User.objects.filter(pk=user.pk).update(department="typed", location="typed")
        imported(company.account, options=Options(without=("office",)))
    user.refresh_from_db()
    assert user.department != "typed"
    assert user.location == "typed"


def test_a_schedule_follows_what_its_connection_keeps(connection: Connection) -> None:
    ran(connection, 1, RunState.COMPLETED, {})
    assert filled_by_the_next_import(["personio"]) == EVERY
    connection.options, connection.schedule = WITHOUT_OFFICE, Connection.Schedule.DAILY
    connection.save()
    assert filled_by_the_next_import(["personio"]) == EVERY - {"location"}


def test_an_added_attribute_is_marked_too(connection: Connection) -> None:
    added = (("dynamic_7", "attributes.tshirt"), ("id", "employeeIdentifier"))
    ran(connection, 1, RunState.COMPLETED, Options(extra_mapping=added).to_record())
    assert filled_by_the_next_import(["personio"]) == EVERY | {
        "attributes.tshirt",
        "employeeIdentifier",
    }


def test_a_plan_that_wrote_nothing_promises_nothing(connection: Connection) -> None:
    ran(connection, 1, RunState.COMPLETED, {})
    ran(connection, 2, RunState.CANCELLED, WITHOUT_OFFICE)
    assert filled_by_the_next_import(["personio"]) == EVERY


def test_an_import_into_another_directory_fills_nothing_here(connection: Connection) -> None:
    ran(connection, 1, RunState.COMPLETED, {})
    cloud = Connection.objects.create(
        name="Personio", source="personio", key="personio", target="jumpcloud"
    )
    ran(cloud, 2, RunState.COMPLETED, WITHOUT_OFFICE)
    assert filled_by_the_next_import(["personio"]) == EVERY


def test_who_was_not_imported_has_no_marks() -> None:
    assert filled_by_the_next_import([]) == frozenset()
