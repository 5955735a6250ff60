"""Everybody but the top has a supervisor, and following supervisors ends at the top."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from rollcall.sandbox import orgchart
from rollcall.sandbox.company import LARGEST, Company
from rollcall.sandbox.units import team, teams

sizes = st.integers(1, LARGEST)


@given(sizes, st.integers(0, 1000), st.sampled_from([1, 2]), st.data())
def test_supervisors_exist_and_form_no_cycle(
    people: int, seed: int, day: int, data: st.DataObject
) -> None:
    company = Company(people, seed, day, peculiar=False)
    person = company.person(data.draw(st.integers(0, len(company) - 1)))
    steps = 0
    while person.supervisor is not None:
        above = company.position_of(person.supervisor)
        assert above is not None
        assert person.supervisor < person.id
        person = company.person(above)
        assert person.status != "inactive"
        steps += 1
    assert person == company.person(0)
    assert steps <= 8


def test_a_manager_has_six_to_nine_reports() -> None:
    people = 5000
    reports = Counter(orgchart.parent(position) for position in range(1, people))
    spans = [reports[manager] for manager in range(orgchart.last_manager(people))]
    assert min(spans) >= 6
    assert max(spans) <= 9


@given(st.integers(0, LARGEST))
def test_the_first_report_reports_to_its_manager(manager: int) -> None:
    first = orgchart.first_report(manager)
    assert orgchart.parent(first) == manager
    assert orgchart.parent(first - 1) != manager


def test_people_share_department_and_team_with_their_manager_at_the_bottom() -> None:
    company = Company(3000, peculiar=False)
    for position in range(2500, 3000):
        person = company.person(position)
        manager = company.person(position_above(company, person.supervisor))
        assert person.department == manager.department
        assert person.team == manager.team is not None


def test_every_team_that_people_are_in_is_listed() -> None:
    company = Company(3000)
    listed = {team(number)[0] for number in range(teams(company.people))}
    assert {one.team for one in company if one.team} == listed


def position_above(company: Company, supervisor: int | None) -> int:
    assert supervisor is not None
    position = company.position_of(supervisor)
    assert position is not None
    return position
