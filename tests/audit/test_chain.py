"""Events are sealed in order, completely, in few statements, while others go on writing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from rollcall.audit import chain, leaves, verification
from rollcall.audit.models import Event, Seal
from tests.audit.events import seal_in_parts, write


@pytest.mark.django_db
def test_what_was_recorded_is_sealed_and_holds() -> None:
    write(5)
    assert chain.seal_due() == 5
    write(2, first=5)
    assert verification.verify().unsealed == 2
    assert chain.seal_due() == 2
    report = verification.verify()
    assert (report.seals, report.events, report.unsealed, report.hole) == (2, 7, 0, None)
    assert report.sealed_at == Seal.objects.get(number=2).sealed_at


@pytest.mark.django_db
def test_nothing_recorded_makes_no_seal_and_holds() -> None:
    assert chain.seal_due() == 0
    report = verification.verify()
    assert (report.seals, report.end, report.sealed_at, report.hole) == (0, None, None, None)


@pytest.mark.django_db
def test_a_digest_covers_every_column_of_an_event() -> None:
    names = {field.name for field in Event._meta.concrete_fields}
    assert {"id", *leaves.COLUMNS} == names


@pytest.mark.django_db
def test_two_events_that_are_alike_have_different_digests() -> None:
    seal_in_parts(3)
    sealed = leaves.unpacked(bytes(Seal.objects.get().leaves))
    assert len({leaf.digest for leaf in sealed}) == len({leaf.salt for leaf in sealed}) == 3


@pytest.mark.django_db
def test_a_thousand_events_are_sealed_and_verified_in_a_few_statements() -> None:
    write(3500)
    with CaptureQueriesContext(connection) as queries:
        assert chain.seal_due() == 3500
    # for each of four seals: a lock, the seal before, the events, the keys, and the insert
    assert len([q for q in queries if "SAVEPOINT" not in q["sql"]]) <= 4 * 5 + 7
    with CaptureQueriesContext(connection) as queries:
        assert verification.verify().events == 3500
    # the events of each of four seals, and seven for keys, seals, cuts and what is unsealed
    assert len(queries) <= 4 + 7


@pytest.mark.django_db(transaction=True)
def test_an_event_that_is_committed_late_is_sealed_in_its_place() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    written, may_end = Signal(), Signal()

    def slowly() -> None:
        with transaction.atomic():
            write(1)
            written.set()
            may_end.wait(30)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(slowly)
        assert written.wait(30)
        write(1, first=1)
        while_writing = chain.seal_due(patience=0.1)
        may_end.set()
        slow.result()
    assert while_writing == 0
    assert chain.seal_due() == 2
    assert verification.verify().hole is None


@pytest.mark.django_db(transaction=True)
def test_several_that_seal_at_once_make_one_chain() -> None:
    write(2500)

    def seal(_: int) -> int:
        try:
            return chain.seal_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(seal, range(4))) == 2500
    report = verification.verify()
    assert (report.events, report.seals, report.hole) == (2500, 3, None)
