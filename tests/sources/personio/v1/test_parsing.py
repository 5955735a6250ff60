"""Personio's records become employees, in whatever coat their values come."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rollcall.provisioning.employee import (
    UNKNOWN,
    CostCenter,
    Employee,
    Supervisor,
    from_record,
    to_record,
)
from rollcall.provisioning.employee_ids import LONGEST_ID
from rollcall.sources.personio.v1.parsing import FIELDS, employee, records

CET = timezone(timedelta(hours=1))

RECORDED = json.loads("""
{"type": "Employee", "attributes": {
  "id": {"label": "ID", "value": 4711023, "type": "integer", "universal_id": "id"},
  "first_name": {"label": "First name", "value": "Jördis", "type": "standard"},
  "last_name": {"label": "Last name", "value": "van der Aa-Öztürk", "type": "standard"},
  "preferred_name": {"label": "Name (preferred)", "value": "Jo van der Aa", "type": "standard"},
  "email": {"label": "Email", "value": "joerdis.vanderaa@nordlicht-werke.example"},
  "status": {"label": "Status", "value": "leave", "type": "standard"},
  "position": {"label": "Position", "value": "Teamleitung Qualität & Prüfung"},
  "supervisor": {"label": "Supervisor", "value": {"type": "Employee", "attributes": {
      "id": {"label": "ID", "value": 4710001, "type": "integer", "universal_id": "id"},
      "email": {"label": "Email", "value": "ngozi.brandt@nordlicht-werke.example"}}}},
  "employment_type": {"label": "Employment type", "value": "internal", "type": "standard"},
  "weekly_working_hours": {"label": "Weekly hours", "value": "32", "type": "standard"},
  "hire_date": {"label": "Hire date", "value": "2019-04-01T00:00:00+02:00", "type": "date"},
  "termination_date": {"label": "Termination date", "value": null, "type": "date"},
  "last_modified_at": {"label": "Last modified", "value": "2026-10-29T16:03:05+01:00"},
  "subcompany": {"label": "Subcompany", "value": {"type": "Subcompany",
      "attributes": {"id": 7120, "name": "Nordlicht Werke GmbH"}}, "type": "standard"},
  "office": {"label": "Office", "value": {"type": "Office",
      "attributes": {"id": 130551, "name": "Kiel"}}, "type": "standard"},
  "department": {"label": "Department", "value": {"type": "Department",
      "attributes": {"id": 280310, "name": "Quality"}}, "type": "standard"},
  "team": {"label": "Team", "value": null, "type": "standard"},
  "cost_centers": {"label": "Cost center", "value": [
      {"type": "CostCenter", "attributes": {"id": 1, "name": "4100 Production", "percentage": 60}},
      {"type": "CostCenter", "attributes": {"id": 2, "name": "4900 Overhead", "percentage": 40}}]},
  "holiday_calendar": {"label": "Public holidays", "value": {"type": "HolidayCalendar",
      "attributes": {"id": 17, "name": "Feiertage", "country": "DE", "state": null}}},
  "fix_salary": {"label": "Fix salary", "value": 4350.5, "type": "decimal", "currency": "EUR"},
  "hourly_salary": {"label": "Hourly salary", "value": 0, "type": "decimal"},
  "dynamic_612345": {"label": "T-shirt size", "value": "M", "type": "list"},
  "dynamic_612346": {"label": "Languages", "value": "German,Dutch,Turkish", "type": "tags"},
  "dynamic_612347": {"label": "Birthday", "value": "1988-02-29", "type": "date"}}}
""")


def read(**attributes: Any) -> tuple[Employee, Counter[str]]:
    """The employee with these wrapped values, and what could not be understood."""
    unusable: Counter[str] = Counter()
    wrapped = {key: {"label": key, "value": value} for key, value in attributes.items()}
    found = employee({"id": {"value": 1}, **wrapped}, frozenset(), unusable)
    assert found is not None
    return found, unusable


def custom(value: object, kind: str | None = None) -> str | None:
    """The text that a custom attribute of this kind becomes."""
    attribute = {"label": "Anything", "value": value, **({"type": kind} if kind else {})}
    found = employee({"id": 1, "dynamic_7": attribute}, frozenset(), Counter())
    assert found is not None
    return found.custom["dynamic_7"]


def test_the_recorded_employee_is_understood_in_full() -> None:
    found = records([RECORDED], frozenset())
    assert found.nameless == 0
    assert not found.unusable
    assert found.keys == frozenset(RECORDED["attributes"])
    assert found.employees == (
        Employee(
            id="4711023",
            first_name="Jördis",
            last_name="van der Aa-Öztürk",
            email="joerdis.vanderaa@nordlicht-werke.example",
            status="leave",
            position="Teamleitung Qualität & Prüfung",
            supervisor=Supervisor("4710001", "ngozi.brandt@nordlicht-werke.example"),
            employment_type="internal",
            subcompany="Nordlicht Werke GmbH",
            office="Kiel",
            department="Quality",
            cost_centers=(CostCenter("4100 Production", 60.0), CostCenter("4900 Overhead", 40.0)),
            hire_date=date(2019, 4, 1),
            termination_date=None,
            last_modified=datetime(2026, 10, 29, 16, 3, 5, tzinfo=CET),
            custom={
                "preferred_name": "Jo van der Aa",
                "weekly_working_hours": "32",
                "team": None,
                "holiday_calendar": "Feiertage",
                "fix_salary": "4350.5",
                "hourly_salary": "0",
                "dynamic_612345": "M",
                "dynamic_612346": "German, Dutch, Turkish",
                "dynamic_612347": "1988-02-29",
            },
        ),
    )


def test_a_key_that_is_left_out_is_unknown_and_not_empty() -> None:
    found, _ = read(email="a@nordlicht-werke.example", office=None)
    assert found.office is None
    for field in ("status", "supervisor", "department", "cost_centers", "hire_date"):
        assert getattr(found, field) is UNKNOWN
    assert "dynamic_1" not in found.custom


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_nothing_comes_in_several_coats(nothing: object) -> None:
    found, unusable = read(**dict.fromkeys(FIELDS, nothing), dynamic_1=nothing)
    assert not unusable
    assert found.cost_centers == ()
    assert found.custom == {"dynamic_1": None}
    for field in ("first_name", "email", "supervisor", "office", "hire_date", "last_modified"):
        assert getattr(found, field) is None


@pytest.mark.parametrize("nothing", [[], {}, None, ""])
def test_an_object_whose_attributes_are_empty_is_nothing(nothing: object) -> None:
    found, unusable = read(
        office={"type": "Office", "attributes": nothing},
        supervisor={"type": "Employee", "attributes": nothing},
    )
    assert (found.office, found.supervisor, unusable) == (None, None, Counter())


@pytest.mark.parametrize(
    "identity",
    [4710001, "4710001", " 4710001 ", 4710001.0, {"label": "ID", "value": 4710001}],
)
def test_a_supervisor_is_known_by_id_wrapped_or_flat(identity: object) -> None:
    found, _ = read(supervisor={"type": "Employee", "attributes": {"id": identity}})
    assert found.supervisor == Supervisor("4710001")


def test_cost_centers_without_percentages_or_with_percentages_as_text_are_taken() -> None:
    found, _ = read(
        cost_centers=[
            {"type": "CostCenter", "attributes": {"id": 1, "name": "A", "percentage": "33.5"}},
            {"type": "CostCenter", "attributes": {"id": 2, "name": "B", "percentage": "66,5"}},
            {"type": "CostCenter", "attributes": {"id": 3, "name": "C", "percentage": None}},
            {"type": "CostCenter", "attributes": {"id": 4, "name": "D"}},
            "E",
        ]
    )
    assert found.cost_centers == (
        CostCenter("A", 33.5),
        CostCenter("B", 66.5),
        CostCenter("C"),
        CostCenter("D"),
        CostCenter("E"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "2014-11-09T00:00:00+01:00",
        "2014-11-09T00:00:00+0100",
        "2014-11-09T00:00:00Z",
        "2014-11-09",
        "2014-11-09 00:00:00",
    ],
)
def test_a_day_is_the_day_that_is_written_in_whatever_zone(text: str) -> None:
    found, _ = read(hire_date=text, termination_date=text)
    assert found.hire_date == found.termination_date == date(2014, 11, 9)
    assert custom(text, "date") == "2014-11-09"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-11-18T17:33:55+01:00", datetime(2020, 11, 18, 17, 33, 55, tzinfo=CET)),
        ("2020-11-18T17:33:55+0100", datetime(2020, 11, 18, 17, 33, 55, tzinfo=CET)),
        ("2020-11-18T17:33:55Z", datetime(2020, 11, 18, 17, 33, 55, tzinfo=UTC)),
        ("2020-11-18", datetime(2020, 11, 18, tzinfo=UTC)),
    ],
)
def test_a_moment_keeps_its_offset(text: str, moment: datetime) -> None:
    assert read(last_modified_at=text)[0].last_modified == moment


@pytest.mark.parametrize(
    "tags",
    ["German,Dutch", '["German","Dutch"]', "German, Dutch", ["German", "Dutch"]],
)
def test_tags_are_comma_text_or_json_in_a_text(tags: object) -> None:
    assert custom(tags, "tags") == "German, Dutch"


@pytest.mark.parametrize(
    ("value", "text"),
    [(3, "3"), (2.5, "2.5"), (40.0, "40"), ("40", "40"), (True, "true"), ("a\nb", "a\nb")],
)
def test_custom_values_become_text(value: object, text: str) -> None:
    assert custom(value) == text


def test_markup_and_entities_stay_as_they_are() -> None:
    assert read(position="<b>R&amp;D</b>")[0].position == "<b>R&amp;D</b>"


def test_what_no_database_can_hold_is_taken_out_of_texts() -> None:
    assert read(first_name="A\x00n\ud800na")[0].first_name == "An\ufffdna"


def test_older_answers_with_bare_values_are_understood() -> None:
    found = employee({"id": 7, "email": "a@b.example"}, frozenset(), Counter())
    assert found == Employee(id="7", email="a@b.example")


def test_attributes_that_were_not_asked_for_are_not_kept() -> None:
    found = records([RECORDED], frozenset({"email", "dynamic_612345"})).employees[0]
    assert found.first_name is UNKNOWN
    assert found.custom == {"dynamic_612345": "M"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("supervisor", {"type": "Employee", "attributes": {"first_name": "Ngozi"}}),
        ("supervisor", 17),
        ("office", {"type": "Office", "attributes": {"id": 4}}),
        ("hire_date", "0000-00-00"),
        ("hire_date", 20190401),
        ("last_modified_at", "yesterday"),
        ("cost_centers", [{"type": "CostCenter", "attributes": {"id": 5}}]),
        ("cost_centers", [{"attributes": {"name": "A", "percentage": "half"}}]),
        ("cost_centers", 60),
        ("email", {"address": "a@b.example"}),
    ],
)
def test_a_value_that_makes_no_sense_is_unknown_and_counted(key: str, value: object) -> None:
    found, unusable = read(**{key: value})
    assert getattr(found, FIELDS[key][0]) is UNKNOWN
    assert unusable == {key: 1}


unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None), max_size=30)
    | st.sampled_from(["2019-04-01T00:00:00+02:00", "[", '["a"]', "9" * 50]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "attributes", "value", "id", "name", "email", "percentage"])
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@unhurried
@given(st.dictionaries(st.sampled_from([*FIELDS, "id", "dynamic_1", "team"]), ANY_JSON))
def test_whatever_json_an_attribute_holds_the_record_is_read_and_can_be_written_down(
    attributes: dict[str, Any],
) -> None:
    found = employee({**attributes, "id": {"value": 1}}, frozenset(), Counter())
    assert found is not None
    written = json.dumps(to_record(found)).encode("utf-8")
    assert from_record(json.loads(written)) == found


@unhurried
@given(st.lists(ANY_JSON, max_size=4))
def test_whatever_json_a_record_is_it_is_an_employee_or_counted(data: list[Any]) -> None:
    found = records(data, frozenset())
    assert len(found.employees) + found.nameless == len(data)


def test_ids_of_any_length_are_bounded_and_stay_those_of_different_people() -> None:
    long = ["9" * 2000, "9" * 1999 + "8", "x" * 129]
    found = records([{"attributes": {"id": {"value": one}}} for one in long], frozenset())
    ids = [one.id for one in found.employees]
    assert len(set(ids)) == len(long)
    assert max(map(len, ids)) <= LONGEST_ID
    again = records([{"attributes": {"id": {"value": long[0]}}}], frozenset())
    assert again.employees[0].id == ids[0]
