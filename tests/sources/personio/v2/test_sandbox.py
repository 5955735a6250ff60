"""Against the sandbox's v2, built from Personio's documentation and not from this client."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import replace

import pytest

from rollcall.provisioning.employee import UNKNOWN, Employee
from rollcall.sandbox.faults import KINDS, Faults
from rollcall.sandbox.switches import (
    SCOPES,
    BetaHeader,
    MissingRight,
    NextLink,
    Switches,
    Tokens,
    TypeCase,
)
from rollcall.sources.base import Summary
from rollcall.sources.personio.account import Account
from rollcall.sources.personio.errors import AccessDenied, CredentialsRefused
from rollcall.sources.personio.v2.client import PersonioV2
from tests.sources.personio import sandbox_account
from tests.sources.personio.sandbox_account import account, everybody

ATTRIBUTES = (
    *sandbox_account.ATTRIBUTES,
    "dynamic_612345",
    "dynamic_612346",
    "dynamic_612347",
)


def read(account: Account) -> tuple[list[Employee], Summary]:
    with closing(PersonioV2(account)) as personio:
        return everybody(personio, ATTRIBUTES)


def test_every_attribute_of_everybody_is_understood() -> None:
    with account(250) as sandbox:
        people, summary = read(replace(sandbox, v2_requests_per_minute=0))
    assert len({one.id for one in people}) == len(people) == 250
    assert summary == Summary(expected=None, received=250, complete=True)
    for employee in people:
        assert UNKNOWN not in {getattr(employee, field) for field in FIELDS}
        assert len(employee.custom) == 3
    assert Counter(one.status for one in people).keys() >= {"active", "inactive", "leave"}


FIELDS = (*ATTRIBUTES[:13], "last_modified")


@pytest.mark.parametrize(
    "switches",
    [
        Switches(next_link=NextLink.RELATIVE),
        Switches(next_link=NextLink.FILTERS),
        Switches(type_case=TypeCase.UPPER),
        Switches(beta_header=BetaHeader.REQUIRED),
        Switches(tokens=Tokens.SEPARATE),
        Switches(token_seconds=1),
    ],
    ids=["relative", "filters", "upper", "beta", "separate", "short-lived"],
)
def test_people_are_the_same_however_the_account_writes_them(switches: Switches) -> None:
    with account(90) as sandbox:
        usual = read(sandbox)
    with account(90, switches) as sandbox:
        assert read(sandbox) == usual


def test_a_link_that_loops_ends_in_an_incomplete_read() -> None:
    with account(90, Switches(next_link=NextLink.LOOPING)) as sandbox:
        people, summary = read(sandbox)
    assert len(people) == 50
    assert not summary.complete
    assert [note.code for note in summary.notes] == ["list_without_end"]


def test_everybody_is_read_though_every_kind_of_fault_happens_to_one_answer_in_twenty() -> None:
    with account(90) as sandbox:
        undisturbed, _ = read(sandbox)
    faults = Faults(dict.fromkeys(KINDS, 0.05), timeout_delay=0.8)
    with account(90, faults=faults) as sandbox:
        people, summary = read(sandbox)
    assert people == undisturbed
    assert summary.complete


def test_what_the_credential_may_not_read_is_named_and_unknown() -> None:
    readable = frozenset(ATTRIBUTES) - {"supervisor", "office", "first_name"}
    with account(60, Switches(readable=readable)) as sandbox:
        with closing(PersonioV2(sandbox)) as personio:
            unreadable = personio.check(ATTRIBUTES).unreadable
        people, summary = read(sandbox)
    assert unreadable == summary.unreadable == ("first_name", "supervisor", "office")
    assert {one.supervisor for one in people} == {one.office for one in people} == {UNKNOWN}


@pytest.mark.parametrize("status", list(MissingRight))
def test_without_the_scope_nobody_is_read(status: MissingRight) -> None:
    scopes = tuple(scope for scope in SCOPES if scope != "personio:persons:read")
    with (
        account(5, Switches(scopes=scopes, missing_right=status)) as sandbox,
        pytest.raises(AccessDenied, match="personio:persons:read"),
    ):
        read(sandbox)


def test_a_wrong_secret_is_a_wrong_secret() -> None:
    with account(5) as sandbox, pytest.raises(CredentialsRefused):
        read(replace(sandbox, client_secret="papi-not-the-secret"))
