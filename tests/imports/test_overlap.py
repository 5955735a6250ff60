"""Two imports of one connection never overlap, however they are started."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import IntegrityError, connections, transaction

from rollcall.directory.models import Application
from rollcall.imports import runs
from rollcall.imports.errors import Overlap
from rollcall.imports.models import ACTIVE_STATES, Connection, Run
from rollcall.sources.personio.account import Account
from tests.actors import TESTER
from tests.imports.world import request

ACCOUNT = Account("http://127.0.0.1:9", "papi-nobody", "papi-nothing")
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_second_import_is_refused_and_names_the_one_at_work() -> None:
    first = runs.start_here(request(ACCOUNT))
    with pytest.raises(
        Overlap, match=f"run {first.number} of this Personio account is still fetching"
    ):
        runs.start_here(request(ACCOUNT))
    assert Run.objects.count() == 1


def test_the_portal_and_the_terminal_do_not_import_one_account_at_once() -> None:
    first = runs.start_here(request(ACCOUNT))
    application = Application.objects.create(name="personio", displayLabel="Personio")
    portals = Connection.objects.create(
        name="Personio",
        source="personio",
        key=ACCOUNT.key,
        address=ACCOUNT.url,
        application=application,
    )
    with pytest.raises(Overlap) as refused:
        runs.start_here(replace(request(ACCOUNT), connection=portals))
    assert refused.value.run == first


def test_another_connection_is_imported_beside_it() -> None:
    runs.start_here(request(ACCOUNT))
    runs.start_here(request(Account("http://127.0.0.1:10", "papi-other", "papi-thing")))
    assert sorted(Run.objects.values_list("number", flat=True)) == [1, 2]


def test_an_import_in_review_stops_nobody() -> None:
    planned = runs.start_here(request(ACCOUNT, review=True))
    Run.objects.filter(pk=planned.pk).update(state="review")
    assert runs.start_here(request(ACCOUNT)).number == planned.number + 1


def test_a_review_cannot_be_approved_while_another_import_is_at_work() -> None:
    planned = runs.start_here(request(ACCOUNT, review=True))
    Run.objects.filter(pk=planned.pk).update(state="review")
    runs.start_here(request(ACCOUNT))
    with pytest.raises(Overlap):
        runs.approve(TESTER, planned.pk)
    planned.refresh_from_db()
    assert planned.state == "review"


@pytest.mark.parametrize("state", ACTIVE_STATES)
def test_the_database_itself_refuses_a_second_one_in_any_state_of_work(state: str) -> None:
    first = runs.start_here(request(ACCOUNT))
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.create(number=first.number + 1, connection=first.connection, state=state)


def test_of_many_that_are_started_at_once_one_is_begun() -> None:
    request(ACCOUNT)
    together = threading.Barrier(8)

    def start(_: int) -> Run | Overlap:
        try:
            together.wait(20)
            return runs.start_anywhere(request(ACCOUNT))
        except Overlap as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        came = list(threads.map(start, range(8)))
    begun = [one for one in came if isinstance(one, Run)]
    refused = [one for one in came if isinstance(one, Overlap)]
    assert len(begun) == 1
    assert {one.run for one in refused} == set(begun)
    assert Run.objects.count() == 1


def test_many_connections_are_started_at_once_with_a_number_each() -> None:
    accounts = [Account(f"http://127.0.0.1:{port}", "papi-a", "papi-b") for port in range(1, 7)]
    made = [request(account) for account in accounts]

    def start(asked: runs.Request) -> int:
        try:
            return runs.start_anywhere(asked).number
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(start, made)) == [1, 2, 3, 4, 5, 6]


def test_an_account_met_by_many_at_once_is_one_connection() -> None:
    together = threading.Barrier(6)

    def meet(_: int) -> Connection:
        try:
            together.wait(20)
            return runs.connection_for(ACCOUNT)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as threads:
        assert len(set(threads.map(meet, range(6)))) == 1
    assert Connection.objects.count() == 1
