"""Managers are linked batch by batch; it makes no difference where one batch ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from rollcall.audit.models import Event
from rollcall.directory import services
from rollcall.directory.models import User
from rollcall.imports.models import ChangeRecord
from rollcall.imports.options import Options
from rollcall.sandbox.company import Company
from rollcall.targets.builtin.target import BuiltinTarget
from tests.actors import TESTER
from tests.imports import returning
from tests.imports.returning import carry_out, started
from tests.imports.world import Personio, approved, imported, personio, results

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("carrying_out")]


@dataclass(frozen=True)
class Reorganized(Company):
    """A company in which some people report to others than before, by their positions."""

    above: Mapping[int, int | None] = field(default_factory=dict)

    def _above(self, position: int, event: Any) -> int | None:
        if position in self.above:
            return self.above[position]
        return super()._above(position, event)


def managers() -> dict[str, str | None]:
    """Who reports to whom, by employees' ids."""
    names = ("identities__external_id", "manager__identities__external_id")
    return dict(User.objects.values_list(*names))


def change_places(company: Personio) -> tuple[str, str]:
    """Let a manager and somebody below change places; both ids, the one who was above first."""
    people = list(company.company)
    places = {person.id: place for place, person in enumerate(people)}
    above = [None if person.supervisor is None else places[person.supervisor] for person in people]
    report, boss = next(
        (place, manager)
        for place, manager in enumerate(above)
        if manager is not None and above[manager] is not None
    )
    turned = {boss: report, report: above[boss]}
    company.becomes(Reorganized(len(people), peculiar=False, above=turned))
    return str(people[boss].id), str(people[report].id)


def test_two_who_change_places_do_so_over_two_batches_as_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with personio(40) as company:
        imported(company.account)
        boss, report = change_places(company)
        monkeypatch.setattr(BuiltinTarget, "batch_size", 1)
        run = imported(company.account)
    assert managers()[boss] == report
    assert managers()[report] != boss
    assert {results(run)[boss], results(run)[report]} == {"updated"}
    assert run.counts.get("failed", 0) == 0
    assert not ChangeRecord.objects.filter(run=run, error__isnull=False).exists()
    user = User.objects.get(identities__external_id=boss)
    assert Event.objects.filter(target_id=user.pk, action="user.update").exists()


def test_a_circle_that_stays_one_is_told() -> None:
    with personio(40) as company:
        imported(company.account)
        boss, report = change_places(company)
        planned = imported(company.account, review=True)
        ChangeRecord.objects.filter(run=planned, employee_id=report).update(chosen=False)
        run = approved(planned)
    change = ChangeRecord.objects.get(run=run, employee_id=boss)
    assert change.result == "failed"
    assert change.error["code"] == "manager_circle"
    assert managers()[report] == boss
    assert run.state == "completed"
    assert run.counts["failed"] == 1


def test_a_chain_that_is_turned_over_batch_by_batch_is_linked_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One more try does not do: each link waits for the one after it."""
    firm = returning.Company("chain", tmp_path / "chain.csv")
    people = [firm.hire(person, f"{person}@north.example") for person in "abcd"]
    above = {"b": "1", "c": "2", "d": "3"}
    people = [firm.change(one, boss=above.get(one.person, "")) for one in people]
    firm.hand_out(0)
    carry_out(started(firm, Options()))
    turned = {"a": "2", "b": "3", "c": "4"}
    for one in people:
        firm.change(one, boss=turned.get(one.person, ""))
    firm.hand_out(0)
    monkeypatch.setattr(BuiltinTarget, "batch_size", 1)
    run = carry_out(started(firm, Options()))
    assert run.counts == {"updated": 4}
    assert managers() == {"1": "2", "2": "3", "3": "4", "4": None}


def test_who_is_to_get_a_manager_who_came_to_nothing_is_unchanged_and_told(tmp_path: Path) -> None:
    firm = returning.Company("lost", tmp_path / "lost.csv")
    boss, report = (firm.hire(person, f"{person}@north.example") for person in "ab")
    firm.change(report, boss=boss.id)
    by_hand = services.NewUser({"username": "boss", "email": boss.email})
    services.create_users(TESTER, services.HAND, [by_hand])
    firm.hand_out(0)
    for came_out in ("created", "unchanged"):
        run = carry_out(started(firm, Options()))
        assert results(run) == {boss.id: "conflict", report.id: came_out}
        change = ChangeRecord.objects.get(run=run, employee_id=report.id)
        assert change.warnings[-1]["code"] == "manager_not_created"
