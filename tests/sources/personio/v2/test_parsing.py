"""v2's persons and employments become the employees that v1's records become."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rollcall.provisioning.employee import UNKNOWN, CostCenter, Employee, Supervisor
from rollcall.sources.personio.v2.names import Names
from rollcall.sources.personio.v2.parsing import FIELDS, Record, current, parsed
from tests.sources.personio.v2.recorded import employment, person_v2

NAMES = {
    "office": Names({"130551": "Kiel"}),
    "department": Names({"280310": "Quality"}),
    "subcompany": Names({"170": "Nordlicht Werke GmbH"}),
    "cost_centers": Names({"82101": "4100 Production", "1f33aa20": "4900 Overhead"}),
}


def of(
    person: dict[str, Any] | None = None,
    job: dict[str, Any] | None = None,
    asked: frozenset[str] = frozenset(),
) -> tuple[Employee, Counter[str]]:
    unusable: Counter[str] = Counter()
    record = Record(person or person_v2(1), employment() if job is None else job, NAMES)
    employee = parsed(record, asked, unusable).employee
    assert employee is not None
    return employee, unusable


def test_a_whole_record() -> None:
    job = employment(
        status="LEAVE",
        supervisor={"id": "4710001"},
        cost_centers=[{"id": "82101", "weight": 60}, {"id": "1f33aa20", "weight": 40.0}],
        termination={"termination_date": "2026-12-31", "last_working_date": "2026-12-20"},
    )
    employee, unusable = of(person_v2(4711023), job)
    assert not unusable
    assert employee == Employee(
        id="4711023",
        first_name="Jördis",
        last_name="Brandt-4711023",
        email="person4711023@nordlicht-werke.example",
        status="leave",
        position="Data Engineer",
        supervisor=Supervisor("4710001"),
        employment_type="internal",
        subcompany="Nordlicht Werke GmbH",
        office="Kiel",
        department="Quality",
        cost_centers=(CostCenter("4100 Production", 60.0), CostCenter("4900 Overhead", 40.0)),
        hire_date=date(2019, 4, 1),
        termination_date=date(2026, 12, 31),
        last_modified=datetime(2026, 10, 30, 15, 3, 5, tzinfo=UTC),
    )


@pytest.mark.parametrize("word", ["ACTIVE", "INACTIVE", "ONBOARDING", "LEAVE"])
def test_statuses_are_v1s_words(word: str) -> None:
    assert of(job=employment(status=word))[0].status == word.lower()


@pytest.mark.parametrize(("key", "field"), [("status", "status"), ("type", "employment_type")])
def test_what_is_unspecified_is_unknown_and_counted(key: str, field: str) -> None:
    employee, unusable = of(job=employment(**{key: "UNSPECIFIED"}))
    assert getattr(employee, field) is UNKNOWN
    assert unusable == {field: 1}


@pytest.mark.parametrize(
    ("key", "fields", "empty"),
    [
        ("type", ["employment_type"], None),
        ("position", ["position"], None),
        ("supervisor", ["supervisor"], None),
        ("office", ["office"], None),
        ("legal_entity", ["subcompany"], None),
        ("org_units", ["department"], None),
        ("cost_centers", ["cost_centers"], ()),
        ("employment_start_date", ["hire_date"], None),
    ],
)
def test_what_is_there_and_empty_is_empty_and_what_is_missing_is_unknown(
    key: str, fields: list[str], empty: object
) -> None:
    (field,) = fields
    nothings: tuple[object, ...] = (None, [], {})
    for nothing in nothings:
        employee, unusable = of(job=employment(**{key: nothing}))
        assert getattr(employee, field) == empty
        assert not unusable
    job = employment()
    del job[key]
    assert getattr(of(job=job)[0], field) is UNKNOWN


@pytest.mark.parametrize("key", ["first_name", "last_name", "email"])
def test_the_same_holds_for_what_the_person_tells(key: str) -> None:
    assert getattr(of(person_v2(1, **{key: None}))[0], key) is None
    person = person_v2(1)
    del person[key]
    assert getattr(of(person)[0], key) is UNKNOWN


def test_a_position_with_an_empty_title_is_empty() -> None:
    assert of(job=employment(position={"title": ""}))[0].position is None


def test_a_team_is_no_department() -> None:
    assert of(job=employment(org_units=[{"type": "team", "id": "280310"}]))[0].department is None


def test_a_sub_company_without_a_legal_entity_has_no_name() -> None:
    job = employment()
    del job["legal_entity"]
    assert of(job=job)[0].subcompany is UNKNOWN


def test_names_that_may_not_be_read_are_unknown_even_where_there_is_nothing_to_name() -> None:
    names = {key: Names(readable=False) for key in NAMES}
    for job in (employment(), employment(office=None, cost_centers=[], org_units=[])):
        carried = parsed(Record(person_v2(1), job, names), frozenset(), Counter())
        assert carried.employee is not None
        assert {getattr(carried.employee, key) for key in NAMES} == {UNKNOWN}
        assert carried.keys.isdisjoint(NAMES)


@pytest.mark.parametrize(
    ("termination", "end", "day"),
    [
        (None, None, None),
        (None, "2026-12-31", date(2026, 12, 31)),
        ({"termination_date": "2026-11-30"}, "2026-12-31", date(2026, 11, 30)),
        ({"termination_date": None}, None, None),
    ],
)
def test_the_day_of_termination(termination: object, end: str | None, day: date | None) -> None:
    job = employment(termination=termination, employment_end_date=end)
    assert of(job=job)[0].termination_date == day


def test_a_termination_that_is_withheld_is_unknown() -> None:
    job = employment()
    del job["termination"], job["employment_end_date"]
    assert of(job=job)[0].termination_date is UNKNOWN


def test_of_two_moments_the_later_counts() -> None:
    person = person_v2(1, updated_at="2026-11-01T00:00:00Z")
    assert of(person)[0].last_modified == datetime(2026, 11, 1, tzinfo=UTC)


def test_without_an_employment_only_the_person_is_known() -> None:
    employee, _ = of(job={})
    assert employee.status is UNKNOWN
    assert employee.position is UNKNOWN
    assert employee.email is not UNKNOWN
    assert of(person_v2(1, status="INACTIVE"), {})[0].status == "inactive"


@pytest.mark.parametrize(
    ("statuses", "chosen"),
    [
        (["ACTIVE"], 0),
        (["INACTIVE", "ACTIVE"], 1),
        (["ONBOARDING", "ACTIVE"], 0),
        (["INACTIVE", "INACTIVE"], 0),
        (["INACTIVE", "LEAVE", "ACTIVE"], 1),
    ],
)
def test_the_most_recent_employment_counts_unless_it_has_ended_and_another_has_not(
    statuses: list[str], chosen: int
) -> None:
    jobs: list[Any] = [{"id": number, "status": word} for number, word in enumerate(statuses)]
    assert current(["odd", None, *jobs]) == jobs[chosen]


def test_no_employment_at_all_is_none() -> None:
    assert current([]) == {}


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("string", "M", "M"),
        ("STRING", "A,B", "A,B"),
        ("date", "1988-02-29", "1988-02-29"),
        ("DATE", "1988-02-29T00:00:00Z", "1988-02-29"),
        ("string_list", ["German", "Dutch"], "German, Dutch"),
        ("STRING_LIST", "German,Dutch", "German, Dutch"),
        ("INT", 7, "7"),
        ("DOUBLE", "7.5", "7.5"),
        ("BOOLEAN", True, "true"),
        ("UNSPECIFIED", "x", "x"),
        (None, None, None),
        ("string", "", None),
    ],
)
def test_custom_attributes_of_every_type(kind: object, value: object, text: str | None) -> None:
    custom = [{"id": "dynamic_612345", "type": kind, "value": value}]
    employee, unusable = of(person_v2(1, custom_attributes=custom))
    assert employee.custom == {"dynamic_612345": text}
    assert not unusable


def test_a_custom_attribute_that_is_not_listed_is_unknown() -> None:
    custom = [{"id": "dynamic_1", "type": "string"}, {"value": "x"}, None]
    assert of(person_v2(1, custom_attributes=custom))[0].custom == {}


def test_only_what_was_asked_for_is_taken() -> None:
    custom = [{"id": f"dynamic_{number}", "type": "string", "value": "x"} for number in (1, 2)]
    employee, _ = of(
        person_v2(1, custom_attributes=custom), asked=frozenset({"email", "dynamic_2"})
    )
    assert employee == Employee(
        id="1", email="person1@nordlicht-werke.example", custom={"dynamic_2": "x"}
    )


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "title", "type", "weight", "name", "termination_date", "value"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)
PERSON_KEYS = st.sampled_from(list(person_v2(1)))
JOB_KEYS = st.sampled_from(list(employment()))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(PERSON_KEYS, ANYTHING, max_size=6),
    st.dictionaries(JOB_KEYS, ANYTHING, max_size=8),
)
def test_no_record_is_ever_too_odd(person: dict[str, Any], job: dict[str, Any]) -> None:
    unusable: Counter[str] = Counter()
    carried = parsed(Record({**person, "id": "1"}, job, NAMES), frozenset(), unusable)
    assert carried.employee is not None
    for key, (field, _) in FIELDS.items():
        if getattr(carried.employee, field) is not UNKNOWN:
            assert key in carried.keys
