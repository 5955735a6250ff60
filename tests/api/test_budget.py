"""No key takes more of the server than its share, and no read more than a bounded piece of work."""

from __future__ import annotations

import json

import pytest
from django.db import OperationalError, connection
from django.test import Client

from rollcall.accounts import api_keys
from rollcall.accounts.models import Role
from rollcall.api import service
from rollcall.api.budget import RATE, RESERVE, Budgets
from rollcall.api.scim.resources import ScimUser
from rollcall.database.work_limit import limited
from rollcall.directory.models import User
from tests.actors import TESTER
from tests.api.conftest import Caller


class Moments:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clocks() -> tuple[Moments, Moments]:
    return Moments(), Moments()


def spend(budgets: Budgets, work: Moments, key: str, seconds: float) -> None:
    with budgets.spending(key):
        work.seconds += seconds


def test_a_key_that_worked_long_waits_until_it_has_some_again(
    clocks: tuple[Moments, Moments],
) -> None:
    now, work = clocks
    budgets = Budgets(now, work)
    assert budgets.wait("a") == 0
    spend(budgets, work, "a", RESERVE + 8)
    assert budgets.wait("a") == 8 / RATE
    assert budgets.wait("b") == 0
    now.seconds += 8 / RATE + 1
    assert budgets.wait("a") == 0


def test_what_is_not_used_does_not_add_up_beyond_the_reserve(
    clocks: tuple[Moments, Moments],
) -> None:
    now, work = clocks
    budgets = Budgets(now, work)
    budgets.wait("a")
    now.seconds += 10**6
    spend(budgets, work, "a", RESERVE + RATE)
    assert budgets.wait("a") == 1


@pytest.mark.parametrize("address", ["/api/systemusers", "/api/v2/usergroups", "/scim/v2/Users"])
def test_a_key_without_budget_is_told_when_to_come_again(
    api: Caller, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    now, work = Moments(), Moments()
    budgets = Budgets(now, work)
    monkeypatch.setattr(service, "budgets", budgets)
    api.get("/api/systemusers")
    spend(budgets, work, api_keys.verify(api.key).id, RESERVE + 1)  # type: ignore[union-attr]
    answer = Client().get(address, headers={"x-api-key": api.key})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) >= 1
    told = json.loads(answer.content)
    assert "Too Many Requests" in (told.get("message") or told["detail"])


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_works_too_long_is_broken_off() -> None:
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    )
    with pytest.raises(OperationalError), limited(0.05), connection.cursor() as cursor:
        cursor.execute(endless)


@pytest.mark.django_db(transaction=True)
def test_what_was_limited_is_free_again_afterwards() -> None:
    with limited(5.0):
        assert User.objects.count() == 0
    User.objects.create(username="a", email="a@example.org")
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_search_that_is_too_much_work_is_refused_and_the_next_one_answered(
    api: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        User(username=f"p{number}", email=f"p{number}@example.org", firstname="a" * 100)
        for number in range(3_000)
    ]
    User.objects.bulk_create(rows)
    monkeypatch.setattr(service, "MOST_SECONDS", 0.002)
    terms = [f"zz{number}" for number in range(40)]
    body = {"searchFilter": {"searchTerm": terms}}
    answer = api("POST", "/api/search/systemusers", body)
    assert (answer.status, "too much" in answer.json["message"]) == (400, True)
    monkeypatch.undo()
    assert api.get("/api/systemusers?limit=1")["totalCount"] == 3_000


@pytest.mark.parametrize(
    "body",
    [
        {"filter": {"or": [{"username": "a"}] * 201}},
        {"filter": [{"username": {"$in": ["a"] * 1_201}}]},
        {"filter": {f"username{number}": "a" for number in range(201)}},
        {"sort": " ".join(["username"] * 101)},
        {"fields": " ".join(["username"] * 101)},
        {"fields": ["username"] * 101},
        {"searchFilter": {"searchTerm": ["a"] * 1_000, "fields": ["username"]}},
    ],
)
def test_lists_of_names_and_comparisons_are_counted(db: None, body: dict[str, object]) -> None:
    key = api_keys.create(TESTER, "reader", Role.READ_ONLY)[1]
    answer = Client().post(
        "/api/search/systemusers", body, content_type="application/json", headers={"x-api-key": key}
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {"filter": " and ".join(['userName eq "a"'] * 201)},
        {"filter": "(" * 51 + 'userName eq "a"' + ")" * 51},
        {"filter": f'userName eq "{"a" * 20_000}"'},
        {"attributes": ["userName"] * 101},
        {"excludedAttributes": ",".join(["userName"] * 101)},
    ],
)
def test_a_scim_search_is_counted_before_it_is_parsed(
    db: None, body: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("it was parsed")

    monkeypatch.setattr("rollcall.api.scim.service.SearchRequest", {ScimUser: never})
    key = api_keys.create(TESTER, "reader", Role.READ_ONLY)[1]
    answer = Client().post(
        "/scim/v2/Users/.search",
        body,
        content_type="application/json",
        headers={"x-api-key": key},
    )
    assert answer.status_code == 400
