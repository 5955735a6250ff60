"""Against the sandbox, which was built from Personio's documentation and not from this client."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from rollcall.provisioning.employee import UNKNOWN, Employee, Supervisor
from rollcall.sandbox.faults import KINDS, Faults
from rollcall.sandbox.switches import Drift, EmptyObject, SupervisorDetail, Switches
from rollcall.sources.base import Summary
from rollcall.sources.personio.account import Account
from rollcall.sources.personio.v1.client import PersonioV1
from tests.sources.personio.sandbox_account import ATTRIBUTES, account, everybody


def read(account: Account) -> tuple[list[Employee], Summary]:
    with PersonioV1(account) as personio:
        return everybody(personio, ATTRIBUTES)


def test_every_attribute_of_everybody_is_understood() -> None:
    with account(1200) as sandbox:
        people, summary = read(sandbox)
    assert len({one.id for one in people}) == len(people) == 1200
    assert summary == Summary(expected=1200, received=1200, complete=True)
    for field in ("status", "supervisor", "office", "cost_centers", "hire_date", "last_modified"):
        assert all(getattr(one, field) is not UNKNOWN for one in people)
    assert Counter(one.status for one in people).keys() >= {"active", "inactive", "leave"}
    ids = {one.id for one in people}
    named = [one.supervisor.id for one in people if isinstance(one.supervisor, Supervisor)]
    assert len(named) > 1000
    assert sum(boss in ids for boss in named) >= len(named) * 0.9


def test_everybody_is_read_though_every_kind_of_fault_happens_to_one_answer_in_ten() -> None:
    with account(2500) as sandbox:
        undisturbed, _ = read(sandbox)
    faults = Faults(dict.fromkeys(KINDS, 0.1), timeout_delay=0.8)
    with account(2500, faults=faults) as sandbox:
        people, summary = read(sandbox)
    assert sorted(people, key=lambda one: one.id) == sorted(undisturbed, key=lambda one: one.id)
    assert summary.received == summary.expected == 2500


def test_personios_limits_are_never_met_at_the_default_pace() -> None:
    with (
        account(2500, Switches(paced=True)) as sandbox,
        PersonioV1(replace(sandbox, requests_per_minute=300)) as personio,
    ):
        reading = personio.employees(ATTRIBUTES)
        assert sum(len(page.employees) for page in reading) == 2500
        assert personio.requests == 26


def test_a_rejected_and_an_ended_token_are_replaced() -> None:
    with account(1500, faults=Faults({"expire-token": 0.2})) as sandbox:
        _, summary = read(sandbox)
    assert summary.complete


@pytest.mark.parametrize("empty", list(EmptyObject))
@pytest.mark.parametrize("detail", list(SupervisorDetail))
def test_people_are_the_same_however_the_account_writes_them(
    empty: EmptyObject, detail: SupervisorDetail
) -> None:
    with account(300) as sandbox:
        usual, _ = read(sandbox)
    with account(300, Switches(empty_object=empty, supervisor=detail)) as sandbox:
        people, _ = read(sandbox)
    assert {one.id: without_email(one) for one in people} == {
        one.id: without_email(one) for one in usual
    }


def without_email(employee: Employee) -> Employee:
    """The employee, with nothing of the supervisor but the id."""
    boss = employee.supervisor
    if not isinstance(boss, Supervisor):
        return employee
    return replace(employee, supervisor=Supervisor(boss.id))


def test_what_the_credential_may_not_read_is_named_and_unknown() -> None:
    readable = frozenset(ATTRIBUTES) - {"supervisor", "office"}
    with account(150, Switches(readable=readable)) as sandbox:
        with PersonioV1(sandbox) as personio:
            assert personio.check(ATTRIBUTES).unreadable == ("supervisor", "office")
        people, summary = read(sandbox)
    assert summary.unreadable == ("supervisor", "office")
    assert {one.supervisor for one in people} == {one.office for one in people} == {UNKNOWN}


def test_a_list_that_moves_while_it_is_read_is_not_called_complete() -> None:
    with account(1000, Switches(drift=Drift.YES)) as sandbox:
        people, summary = read(sandbox)
    assert len({one.id for one in people}) == len(people)
    assert not summary.complete
