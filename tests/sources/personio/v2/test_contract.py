"""What Personio's own description of v2 shows is understood, and what is sent is what it allows."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from rollcall.provisioning.employee import UNKNOWN, CostCenter, Supervisor
from rollcall.sources.personio.v2.lists import rows
from rollcall.sources.personio.v2.names import LISTS, Names
from rollcall.sources.personio.v2.pagination import Cursors
from rollcall.sources.personio.v2.parsing import FIELDS, Record, current, parsed
from tests.sources.personio.recorded import ATTRIBUTES
from tests.sources.personio.v2.recorded import RecordedV2, client, person_v2

pytestmark = pytest.mark.contracts

SINGLE = "ListInSinglePageResponse"
NAMES = {
    "office": Names({"60302": "Kiel"}),
    "department": Names({"401": "Quality"}),
    "subcompany": Names({"170": "Nordlicht Werke GmbH"}),
    "cost_centers": Names({"1f33aa20-287f-4dda-a517-eba2a316f755": "4900 Overhead"}),
}


@pytest.fixture(scope="module")
def contract(contracts: Path) -> Any:
    """Personio's description of v2."""
    return json.loads((contracts / "personio-v2.openapi.json").read_text(encoding="utf-8"))


def example(contract: Any, name: str) -> Any:
    return contract["components"]["examples"][name]["value"]


def properties(contract: Any, schema: str) -> Any:
    return contract["components"]["schemas"][schema]["properties"]


def test_the_example_of_a_person_and_of_an_employment_is_understood(contract: Any) -> None:
    (person,) = rows(example(contract, f"Persons{SINGLE}"))
    job = current(rows(example(contract, f"Employments{SINGLE}")))
    unusable: Counter[str] = Counter()
    employee = parsed(Record(person, job, NAMES), frozenset(), unusable).employee
    assert employee is not None
    assert not unusable
    assert all(getattr(employee, field) is not UNKNOWN for field, _ in FIELDS.values())
    assert (employee.id, employee.status, employee.employment_type) == (
        "3003",
        "active",
        "internal",
    )
    assert (employee.department, employee.office) == ("Quality", "Kiel")
    assert employee.supervisor == Supervisor("3003")
    assert employee.cost_centers == (CostCenter("4900 Overhead", 100.0),)
    assert employee.custom == {"dynamic_305": "Red", "dynamic_306": "DExx-xxff-ss-os02"}


@pytest.mark.parametrize("kind", ["Persons", "Employments"])
def test_the_example_of_several_pages_leads_on_and_that_of_one_does_not(
    contract: Any, kind: str
) -> None:
    cursors = Cursors()
    assert cursors.after(example(contract, f"{kind}ListInMultiplePagesResponse"), news=True)
    assert not cursors.is_whole
    assert cursors.after(example(contract, f"{kind}{SINGLE}"), news=True) is None
    assert cursors.is_whole


def test_every_status_and_type_of_an_employment_is_known_or_called_unspecified(
    contract: Any,
) -> None:
    for key, field in (("status", "status"), ("type", "employment_type")):
        for word in properties(contract, "Employment")[key]["enum"]:
            record = Record(person_v2(1), {key: word}, {})
            employee = parsed(record, frozenset(), Counter()).employee
            assert employee is not None
            assert getattr(employee, field) == (UNKNOWN if word == "UNSPECIFIED" else word.lower())


@pytest.mark.parametrize("case", [str.upper, str.lower])
def test_every_type_of_a_custom_attribute_is_read(contract: Any, case: Any) -> None:
    kinds = properties(contract, "Person")["custom_attributes"]["items"]["properties"]["type"]
    for kind in kinds["enum"]:
        values = ["A", "B"] if kind == "STRING_LIST" else "2026-11-24" if kind == "DATE" else "7"
        custom = [{"id": "dynamic_1", "type": case(kind), "value": values}]
        unusable: Counter[str] = Counter()
        record = Record(person_v2(1, custom_attributes=custom), {}, {})
        employee = parsed(record, frozenset(), unusable).employee
        assert employee is not None
        assert employee.custom["dynamic_1"]
        assert not unusable


def test_every_wire_name_that_is_read_is_described(contract: Any) -> None:
    read = {
        "Person": "id email first_name last_name status updated_at custom_attributes employments",
        "Employment": "status type position supervisor office legal_entity org_units cost_centers "
        "employment_start_date employment_end_date termination updated_at",
        "Termination": "termination_date",
        "CostCenter": "id weight",
        "OrgUnit": "id type",
    }
    for schema, names in read.items():
        assert set(names.split()) <= set(properties(contract, schema))


def test_every_request_is_one_that_is_described(contract: Any) -> None:
    recorded = RecordedV2([person_v2(number) for number in range(1, 61)])
    with client(recorded) as personio:
        personio.check(ATTRIBUTES)
        list(personio.employees(ATTRIBUTES))
    described = 0
    for asked in recorded.asked:
        parts = asked.path.split("/")
        if parts[2] in LISTS.values():  # no description of these could be had
            continue
        path = "/v2/persons/{person_id}/employments" if parts[-1] == "employments" else asked.path
        operation = contract["paths"][path][asked.method.lower()]
        known = {parameter["name"]: parameter for parameter in operation.get("parameters", [])}
        for name, value in asked.query:
            limits = known[name]["schema"]
            if limits["type"] == "integer":
                assert limits["minimum"] <= int(value) <= limits["maximum"]
        described += 1
    # a login; three pages, one of them for the check; sixty employments, and three for the check
    assert described == 1 + 3 + 63
