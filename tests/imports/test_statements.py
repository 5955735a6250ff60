"""The number of SQL statements of an import grows with its batches, never with its people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rollcall.imports import applying, deciding, directories, fetching, runs
from rollcall.imports.models import Run
from rollcall.sandbox.company import Company
from tests.imports.world import Personio, personio, request

pytestmark = pytest.mark.django_db(transaction=True)
PER_THOUSAND = 40
AT_ANY_SIZE = 45


class Captured(list[str]):
    """Statements that were sent to the database."""

    def writing_users(self) -> list[str]:
        """Those that write to the table of users."""
        verbs = ("INSERT INTO directory_user", "UPDATE directory_user", "DELETE FROM directory_")
        return [one for one in self if one.replace('"', "").lstrip().startswith(verbs)]


@contextmanager
def statements() -> Iterator[Captured]:
    found = Captured()
    with CaptureQueriesContext(connection) as queries:
        yield found
    found += [query["sql"] for query in queries.captured_queries]


def carry_out(run: Run) -> None:
    """The run's stretches, one after the other, in this thread."""
    fetching.fetch(run.pk)
    deciding.decide(run.pk)
    for batch in range(applying.prepare(run.pk)):
        applying.apply_batch(run.pk, batch)
    start = 0
    while start := applying.link_some(run.pk, start):
        pass
    applying.finish(run.pk)
    directories.close(run.pk)


def sent_by(company: Personio) -> Captured:
    run = runs.start_here(request(company.account))
    with statements() as sent:
        carry_out(run)
    run.refresh_from_db()
    assert run.state == "completed"
    return sent


def test_a_first_import_takes_at_most_forty_statements_for_a_thousand_people() -> None:
    with personio(1000) as thousand:
        small = len(sent_by(thousand))
    with personio(4000) as four_thousand:
        large = len(sent_by(four_thousand))
    assert (large - small) / 3 <= PER_THOUSAND
    assert small <= PER_THOUSAND + AT_ANY_SIZE


def test_an_import_that_changes_nothing_writes_to_no_user() -> None:
    with personio(1000) as company:
        first = sent_by(company)
        again = sent_by(company)
    assert first.writing_users()
    assert not again.writing_users()


def test_changes_of_a_day_are_written_in_as_few_statements_as_their_batches() -> None:
    with personio(2000) as company:
        sent_by(company)
        company.becomes(Company(2000, day=2, peculiar=False))
        day_two = sent_by(company)
    assert 1 <= len(day_two.writing_users()) <= 12
