"""The number of SQL statements of an import grows with its batches, never with its people."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from rollcall.directory.models import Organization
from rollcall.imports import fetching
from rollcall.jobs import engine
from rollcall.sandbox.company import Company
from tests.imports.world import Personio, imported, let_go, personio

pytestmark = pytest.mark.django_db(transaction=True)
PER_THOUSAND = 40
BESIDE_IMPORTS = ("heartbeat", "chore: ")


class Captured(list[str]):
    """Statements that were sent to the database."""

    def writing_users(self) -> list[str]:
        """Those that write to the table of users."""
        verbs = ("INSERT INTO directory_user", "UPDATE directory_user", "DELETE FROM directory_")
        return [one for one in self if one.replace('"', "").lstrip().startswith(verbs)]


@contextmanager
def statements() -> Iterator[Captured]:
    """What the workflows that carry imports out send to the database, from connect to close."""
    connects: Counter[threading.Thread] = Counter()
    sent: list[tuple[tuple[threading.Thread, int], str]] = []
    found = Captured()
    looking_on = threading.current_thread()

    def note(execute: Callable[..., Any], sql: str, *how: Any) -> Any:
        here = threading.current_thread()
        sent.append(((here, connects[here]), sql))
        return execute(sql, *how)

    def listen(connection: BaseDatabaseWrapper, **_: Any) -> None:
        here = threading.current_thread()
        if here is looking_on or here.name.startswith(BESIDE_IMPORTS):
            return
        # each workflow connects anew, in a thread that may have carried out another one before
        connects[here] += 1
        if note not in connection.execute_wrappers:
            connection.execute_wrappers.append(note)

    connection_created.connect(listen)
    try:
        yield found
    finally:
        connection_created.disconnect(listen)
    # a workflow that an earlier test left may still look for its run here, and holds none
    carrying = {workflow for workflow, sql in sent if sql.startswith('UPDATE "imports_run"')}
    found += [sql for workflow, sql in sent if workflow in carrying]


def sent_by(company: Personio) -> Captured:
    with engine.running(queue=engine.own_queue()), statements() as sent:
        run = imported(company.account)
        let_go(run)
    assert run.state == "completed"
    return sent


def test_a_first_import_takes_few_statements_for_a_thousand_people(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # on a slow machine what has arrived would be written down more often, to be shown
    monkeypatch.setattr(fetching, "SHOWN_EVERY", 60.0)
    Organization.the()
    with personio(1000) as company:
        sent = sent_by(company)
    assert len(sent) <= PER_THOUSAND, "\n".join(sql[:100] for sql in sent)


def test_more_people_cost_less_than_half_as_many_statements_each() -> None:
    with personio(1000) as thousand:
        small = len(sent_by(thousand))
    with personio(4000) as four_thousand:
        large = len(sent_by(four_thousand))
    assert (large - small) / 3 <= PER_THOUSAND / 2


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
