"""How a change is kept and sent."""

from __future__ import annotations

from rollcall.provisioning.change import ManagerLink
from rollcall.provisioning.employee import Supervisor
from rollcall.provisioning.serialization import change_from_record, change_to_record
from tests.provisioning.world import employee, planned, user


def test_a_record_has_every_part_of_a_change_under_its_name() -> None:
    one = employee("1", position="Head", supervisor=Supervisor("2"))
    change = planned([one, employee("2")], [user(1)])["1"]
    assert change_to_record(change) == {
        "kind": "update",
        "employee_id": "1",
        "name": "Mara Voß",
        "email": "mara1@example.org",
        "reason": {"code": "differs", "params": {"fields": "jobTitle"}},
        "user_id": user(1).id,
        "fields": [["jobTitle", "Buyer", "Head"], ["manager", None, None]],
        "external_id": None,
        "manager": {"user_id": None, "employee_id": "2"},
        "wave": 0,
        "with_whom": [],
        "warnings": [],
        "row": None,
        "takeover": None,
    }


def test_a_change_without_a_manager_has_none_in_its_record() -> None:
    change = planned([employee("1")], [user(1)])["1"]
    record = change_to_record(change)
    assert record["manager"] is None
    assert change_from_record(record) == change


def test_taking_a_manager_away_is_told_apart_from_leaving_it() -> None:
    change = planned([employee("1")], [user(1, manager=user(2).id)])["1"]
    record = change_to_record(change)
    assert record["manager"] == {"user_id": None, "employee_id": None}
    assert change_from_record(record).manager == ManagerLink()
