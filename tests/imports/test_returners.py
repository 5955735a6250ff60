"""Whoever leaves, comes back, changes the name or is listed twice stays one user, in all orders.

Whole imports of files, stretch by stretch as their workflow carries them out, with everything that
an administrator does in between; `RETURNERS` sets how many stories are told.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from rollcall.directory.models import ExternalIdentity, User
from rollcall.imports import presenter, runs, ticks
from rollcall.imports.models import ChangeRecord, Run
from rollcall.imports.options import Options
from rollcall.targets.builtin.target import BuiltinTarget
from tests.actors import TESTER
from tests.imports import returning
from tests.imports.returning import WORKING, WRITTEN, Company, Person
from tests.imports.returning_between import Between, any_of, firms
from tests.imports.world import accounted

STORIES = int(os.environ.get("RETURNERS", "12"))
"""How many stories are told; with other numbers they are others."""

FREE = Options(default_state="ACTIVATED", max_suspensions=99, max_emptied=99, min_read_share=0.0)
orders = st.integers(0, 20)


class Stories(Between):
    """Imports, and what has to hold after each of them."""

    @initialize(reactivates=st.booleans(), twice=st.booleans())
    def begins(self, reactivates: bool, twice: bool) -> None:
        self.options = Options(**{**FREE.to_record(), "reactivation_allowed": reactivates})
        for person in "abc":
            record = self.hired(self.firms[0], person, f"{person}@north.example")
            if person != "a":
                self.firms[0].change(record, boss="1")
            if twice:
                self.hired(self.firms[1], person, f"{person}@north.example")
        self.imports(0, 0, 1)

    # -- imports -------------------------------------------------------------------------------

    @rule(firm=firms, order=orders, other=orders)
    def imports(self, firm: int, order: int, other: int) -> None:
        company, before = self.firms[firm], self.with_access()
        with transaction.atomic():
            company.hand_out(other)
            told = self.result(returning.carry_out(returning.started(company, self.options)))
            transaction.set_rollback(True)
        company.hand_out(order)
        run = returning.carry_out(returning.started(company, self.options))
        self.has_read(company)
        assert self.result(run) == told, "the order of the records has mattered"
        self.holds(run, company, before)
        self.who_has_left_is_out(company)
        self.ended.append((run, company))
        after = returning.picture()
        again = returning.carry_out(returning.started(company, self.options))
        assert not WRITTEN & {result for _, result in returning.outcomes(again).values()}
        assert returning.picture() == after, "importing again has changed something"

    @rule(firm=firms, order=orders)
    def previews_it(self, firm: int, order: int) -> None:
        company = self.firms[firm]
        company.hand_out(order)
        run = returning.carry_out(returning.started(company, self.options, review=True))
        self.has_read(company)
        self.previews.append((run, company))

    @precondition(lambda self: self.previews)
    @rule(number=any_of, ticked=st.booleans())
    def approves(self, number: int, ticked: bool) -> None:
        run, company = self.previews.pop(number % len(self.previews))
        if ticked:
            self.tick(run, company)
        before, moved = self.with_access(), moved_since(run)
        run = returning.approved(run)
        self.holds(run, company, before)
        self.newer_stays(run, company)
        for (user_id, field), value in moved.items():
            now = User.objects.filter(pk=user_id).values_list(field, flat=True).first()
            assert now == value, f"{field} was overwritten unseen"
        self.ended.append((run, company))

    @precondition(lambda self: self.previews)
    @rule(number=any_of)
    def cancels(self, number: int) -> None:
        run, _ = self.previews.pop(number % len(self.previews))
        accounted(runs.cancel(TESTER, run.pk))

    @rule(firm=firms, order=orders, batches=st.integers(0, 3), size=st.integers(1, 2))
    def imports_half_of_it(self, firm: int, order: int, batches: int, size: int) -> None:
        company, before = self.firms[firm], self.with_access()
        company.hand_out(order)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(BuiltinTarget, "batch_size", size)
            run = returning.carry_out(returning.started(company, self.options), batches)
        self.has_read(company)
        self.holds(runs.cancel(TESTER, run.pk), company, before)

    @precondition(lambda self: self.ended)
    @rule(number=any_of)
    def retries(self, number: int) -> None:
        run, company = self.ended[number % len(self.ended)]
        assume(returning.needs_attention(run))
        before = self.with_access()
        run = returning.retried(run)
        self.holds(run, company, before)
        self.newer_stays(run, company)

    # -- what has to hold ----------------------------------------------------------------------

    def has_read(self, company: Company) -> None:
        self.read[company.key] = company.counting()

    def result(self, run: Run) -> Any:
        return returning.outcomes(run), returning.picture()

    def tick(self, run: Run, company: Company) -> None:
        """Agree as somebody does who knows the people: where it is the same human being."""
        asked = ticks.waiting(run.changes.all())
        mine = [
            row.pk
            for row in asked
            if self.owner.get(row.user_id) == self.person_of[company.key, row.employee_id]
        ]
        ticks.tick(TESTER, run.pk, run.changes.filter(pk__in=mine))

    def with_access(self) -> set[Person]:
        users = User.objects.exclude(state="SUSPENDED").values_list("pk", flat=True)
        return {self.owner[user] for user in users}

    def at_work(self, company: Company) -> set[Person]:
        """Who works, as far as has been read; at the other company, whose user is known there."""
        known = set(ExternalIdentity.objects.values_list("source", "external_id"))
        return {
            record.person
            for key, read in self.read.items()
            for record in read.values()
            if record.status in WORKING and (key == company.key or (key, record.id) in known)
        }

    def holds(self, run: Run, company: Company, before: set[Person]) -> None:
        rows = returning.rows_of(run)
        for row in rows:
            if row.result == "created":
                self.owner[row.user_id] = self.person_of[company.key, row.employee_id]
        for user, source, employee_id in ExternalIdentity.objects.values_list(
            "user", "source", "external_id"
        ):
            moved = self.owner[user], self.person_of[source, employee_id]
            assert moved[0] == moved[1], f"a user has become another human being's: {moved}"
        accounted(run)
        locked_out = (before & self.at_work(company)) - self.with_access()
        assert not locked_out, f"at work and locked out: {locked_out}"
        for key, employee_id in self.erased:
            known = ExternalIdentity.objects.filter(source=key, external_id=employee_id)
            assert not known.exists(), "who was erased is there again"
        self.says_why(run, rows, company)

    def who_has_left_is_out(self, company: Company) -> None:
        """Nobody keeps access by a record that got into the way, unless it is one at work."""
        records = company.counting().values()
        working = {record.email for record in records if record.status in WORKING}
        for record in records:
            if record.status in WORKING or record.person in self.at_work(company):
                continue
            known = {"identities__source": company.key, "identities__external_id": record.id}
            user = User.objects.filter(**known).first()
            if user and not working & {record.email, user.email}:
                assert user.state == "SUSPENDED", f"{record} has left and has access"

    def says_why(self, run: Run, rows: Any, company: Company) -> None:
        names = presenter.Names(run)
        names.learn(rows)
        for row in rows:
            assert presenter.why(row, "people", names)
            assert row.name or (company.key, row.employee_id) in self.erased
            assert row.result != "failed", f"{row.employee_id}: {row.error}"

    def newer_stays(self, run: Run, company: Company) -> None:
        """What was carried out late has written what the latest read says, and nothing older."""
        for row in ChangeRecord.objects.filter(run=run, result__in=WRITTEN):
            latest = self.read[company.key].get(row.employee_id)
            assert latest is not None, f"{row.employee_id} is listed no more, and was written"
            user = User.objects.get(pk=row.user_id)
            known = user.identities.values_list("source", "external_id")
            latest_names = {
                self.read[source][id_].last for source, id_ in known if id_ in self.read[source]
            }
            assert user.lastname in ("Hand", *latest_names)
            assert not (latest.status in WORKING and row.result == "suspended")


def moved_since(run: Run) -> dict[tuple[str, str], str]:
    """Of what the plan is about to write, what is neither as it saw it nor as it is to be."""
    moved: dict[tuple[str, str], str] = {}
    for row in ChangeRecord.objects.filter(run=run).exclude(user_id=""):
        user = User.objects.filter(pk=row.user_id).first()
        for change in row.change.fields if user else ():
            now = getattr(user, change.field)
            if change.field != "manager" and now not in (change.before or "", change.after or ""):
                moved[row.user_id, change.field] = now
    return moved


@pytest.mark.django_db
def test_in_all_orders_everybody_stays_one_user_and_nobody_is_locked_out() -> None:
    run_state_machine_as_test(
        Stories,
        settings=settings(
            max_examples=STORIES,
            stateful_step_count=14,
            deadline=None,
            derandomize=STORIES == 12,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )
