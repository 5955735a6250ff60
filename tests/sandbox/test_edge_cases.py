"""A few people are peculiar, always the same ones, in small companies too."""

from __future__ import annotations

from collections import defaultdict

import pytest

from rollcall.sandbox.company import Company, peculiar_people
from rollcall.sandbox.edge_cases import Peculiarity
from rollcall.sandbox.person import Person


def _by_kind(company: Company) -> dict[Peculiarity, list[Person]]:
    found = defaultdict(list)
    for employee_id, kind in peculiar_people(company):
        position = company.position_of(employee_id)
        assert position is not None
        found[kind].append(company.person(position))
    return found


@pytest.mark.parametrize("people", [50, 87, 100, 999])
def test_one_of_each_kind_lives_in_a_small_company(people: int) -> None:
    kinds = _by_kind(Company(people))
    assert set(kinds) == set(Peculiarity)
    assert [one.email for one in kinds[Peculiarity.NO_EMAIL]] == [None, None]
    assert len({one.email for one in kinds[Peculiarity.DUPLICATE_EMAIL]}) == 1
    assert len({one.email for one in kinds[Peculiarity.SHARED_MAILBOX]}) == 1
    assert len(kinds[Peculiarity.SHARED_MAILBOX]) == 3
    assert "<script>" in kinds[Peculiarity.HTML_POSITION][0].position
    assert "&amp;" in kinds[Peculiarity.ENTITY_POSITION][0].position


def test_addresses_that_differ_in_case_and_blanks_are_the_same_to_a_reader() -> None:
    one, other = _by_kind(Company(87))[Peculiarity.DUPLICATE_IN_OTHER_CASE]
    assert one.email
    assert other.email
    assert one.email != other.email
    assert one.email.strip().casefold() == other.email.strip().casefold()


def test_a_supervisor_left_and_two_people_supervise_each_other() -> None:
    kinds = _by_kind(Company(87))
    left = kinds[Peculiarity.LEFT_SUPERVISOR][0]
    assert left.status == "inactive"
    assert {one.supervisor for one in kinds[Peculiarity.REPORTS_TO_LEFT_SUPERVISOR]} == {left.id}
    one, other = kinds[Peculiarity.SUPERVISOR_CYCLE]
    assert (one.supervisor, other.supervisor) == (other.id, one.id)


def test_everybody_else_has_an_address_of_their_own() -> None:
    company = Company(5000)
    odd = {employee_id for employee_id, _ in peculiar_people(company)}
    ordinary = [one.email for one in company if one.id not in odd]
    assert None not in ordinary
    assert len(set(ordinary)) == len(ordinary)
    shared = {one.email for one in company if one.id in odd and one.email}
    assert shared.isdisjoint(ordinary)


def test_they_are_sixteen_in_a_thousand() -> None:
    assert len(list(peculiar_people(Company(999)))) == 16
    assert 13 * 16 <= len(list(peculiar_people(Company(15_000)))) <= 15 * 16
