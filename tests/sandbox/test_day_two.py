"""Between day one and day two exactly the named people change, and in the named way."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from rollcall.sandbox.company import Company, day_two, peculiar_people
from rollcall.sandbox.person import Person

STAMPS = {"modified", "touched", "created"}
MOVED = {"supervisor", "office", "subcompany", "department", "team", "position", "cost_centers"}
LEFT = {"status", "terminated"}
RENAMED = {"last_name", "preferred_name", "email"}


def _differences(before: Person, after: Person) -> set[str]:
    old: dict[str, Any] = asdict(before)
    new: dict[str, Any] = asdict(after)
    return {key for key in old if old[key] != new[key]} - STAMPS


@pytest.mark.parametrize("people", [20, 29, 50, 87, 1000, 4321])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_sets_are_exact(people: int, seed: int) -> None:
    before = Company(people, seed)
    after, change = before.on_day(2), day_two(before)
    found: dict[str, set[int]] = {"leavers": set(), "moves": set(), "renames": set()}
    for old, new in zip(before, after, strict=False):
        differences = _differences(old, new)
        if differences == LEFT:
            found["leavers"].add(old.id)
        elif differences and differences <= MOVED:
            assert {"supervisor", "office"} <= differences
            found["moves"].add(old.id)
        elif differences:
            assert differences == RENAMED
            found["renames"].add(old.id)
    assert found == {name: set(getattr(change, name)) for name in found}
    assert change.hires == tuple(after.person(at).id for at in range(people, len(after)))


@pytest.mark.parametrize("people", [20, 87, 2000])
def test_every_kind_of_change_happens_about_once_in_a_hundred(people: int) -> None:
    change = day_two(Company(people))
    for ids in (change.hires, change.leavers, change.moves, change.renames):
        assert max(1, people // 200) <= len(ids) <= max(2, people // 50)


def test_below_twenty_people_nothing_happens() -> None:
    assert list(Company(19, day=2)) == list(Company(19))


def test_nobody_is_in_two_sets_and_peculiar_people_are_left_alone() -> None:
    company = Company(3000)
    change = day_two(company)
    everybody = [*change.hires, *change.leavers, *change.moves, *change.renames]
    assert len(set(everybody)) == len(everybody)
    assert {one for one, _ in peculiar_people(company)}.isdisjoint(everybody)


def test_leavers_movers_and_the_newly_married_were_active_the_day_before() -> None:
    company = Company(3000)
    change = day_two(company)
    for employee_id in (*change.leavers, *change.moves, *change.renames):
        position = company.position_of(employee_id)
        assert position is not None
        assert company.person(position).status == "active"


def test_a_marriage_brings_a_new_address() -> None:
    before = Company(20_000)
    after, renames = before.on_day(2), set(day_two(before).renames)
    old = {one.email for one in before}
    new = [one.email for one in after if one.id in renames]
    assert len(set(new)) == len(renames)
    assert old.isdisjoint(new)
