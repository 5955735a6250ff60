"""A source that is away is waited for, visibly; what was read of it is accounted for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.conf import LazySettings

from rollcall.directory.models import User
from rollcall.imports import dispatch, fetching, runs, source_patience
from rollcall.imports.models import Run, StagedEmployee
from rollcall.imports.source_accounts import seal_account
from rollcall.jobs.process import this_process
from rollcall.provisioning.reason import Reason
from rollcall.sandbox.company import Company
from rollcall.sources.base import Page
from rollcall.sources.errors import SourceMisbehaved, SourceUnreachable
from rollcall.web.admin.imports.run_summary import progress
from tests.actors import TESTER
from tests.imports.world import (
    CLI,
    SECONDS,
    Personio,
    accounted,
    begin,
    ended,
    imported,
    let_go,
    personio,
    request,
    results,
    told,
)
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("carrying_out")


class Away:
    """A read of the source that breaks off in the middle, for as long as it is away."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.error: Exception | None = SourceUnreachable("Personio gave no usable answer: timeout")
        self._pages = fetching._in_our_words
        monkeypatch.setattr(fetching, "_in_our_words", self._some_pages)
        # what arrived before is written down
        monkeypatch.setattr(fetching, "STAGED_AT_ONCE", 1)

    def _some_pages(self, pages: Iterable[Page], *words: Any) -> Iterator[Page]:
        yield from self._pages(pages, *words)
        if self.error is not None:
            raise self.error


@pytest.fixture
def patient(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sources are waited for, with short pauses."""
    settings.SOURCE_PATIENCE = 600
    monkeypatch.setattr(source_patience, "FIRST_PAUSE", 0.3)
    monkeypatch.setattr(source_patience, "LOOK_SECONDS", 0.05)


def waits(run: Run) -> Run:
    """The run once it waits for its source."""
    seen: list[Run] = []

    def is_seen_waiting() -> bool:
        seen.extend(Run.objects.filter(pk=run.pk, next_try_at__isnull=False))
        return bool(seen)

    wait_until(is_seen_waiting, SECONDS)
    return seen[0]


def test_a_source_that_comes_back_is_read_to_the_end(
    patient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = Away(monkeypatch)
    with personio() as company:
        run = begin(company.account)
        seen = waits(run)
        assert progress(seen).label.startswith("Waiting for Personio")
        away.error = None
        run = ended(run.pk)
    assert (run.state, run.next_try_at) == ("completed", None)
    accounted(run)
    assert run.counts["created"] == User.objects.count()


def test_a_source_that_stays_away_fails_the_run_when_its_time_is_over(
    patient: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SOURCE_PATIENCE = 1
    Away(monkeypatch)
    with personio() as company:
        run = ended(begin(company.account).pk)
    assert (run.state, run.error_code, run.next_try_at) == ("failed", "source", None)


def test_a_run_that_waits_can_be_cancelled(patient: None, monkeypatch: pytest.MonkeyPatch) -> None:
    Away(monkeypatch)
    with personio() as company:
        run = begin(company.account)
        waits(run)
        runs.cancel(TESTER, run.pk)
        let_go(run)
    run.refresh_from_db()
    assert (run.state, run.next_try_at) == ("cancelled", None)
    accounted(run)
    assert set(results(run).values()) == {"skipped"}


def test_what_trying_again_does_not_help_fails_at_once(
    patient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    Away(monkeypatch).error = SourceMisbehaved("this is not Personio")
    with personio() as company:
        run = ended(begin(company.account).pk)
    assert (run.state, run.error) == ("failed", "this is not Personio")


def test_a_run_that_fails_while_it_reads_accounts_for_everybody_whom_it_has_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Away(monkeypatch)
    with personio() as company:
        run = ended(begin(company.account).pk)
    assert run.state == "failed"
    assert run.fetched == StagedEmployee.objects.filter(run=run).count() > 0
    accounted(run)
    assert run.counts == {"failed": run.fetched}
    assert {row.reason["code"] for row in run.changes.all()} == {"run_failed"}


def kept(company: Personio) -> None:
    """Keep the credentials of the account, as for scheduled imports."""
    connection = request(company.account).connection
    connection.sealed_credentials = seal_account(company.account)
    connection.save()


def retried(run: Run) -> Run:
    again = runs.retry(run, CLI, executor=this_process().executor)
    dispatch.begin(again)
    return ended(again.pk)


def test_a_retry_reads_the_source_again_for_those_people_and_nobody_else() -> None:
    with personio(peculiar=True) as company:
        kept(company)
        run = imported(company.account)
        attention = {key for key, one in results(run).items() if one in ("conflict", "invalid")}
        company.becomes(Company(87, peculiar=False))
        again = retried(run)
    accounted(again)
    assert again.complete
    assert attention
    assert set(results(again)) <= attention
    assert "conflict" not in results(again).values()
    assert again.source_requests > 0


def test_a_retry_without_kept_credentials_goes_by_what_was_read_and_says_so() -> None:
    with personio(peculiar=True) as company:
        run = imported(company.account)
        company.becomes(Company(87, peculiar=False))
        again = retried(run)
    assert Reason("retried_as_read").text() in told(again)
    assert set(results(again).values()) == {"conflict", "invalid"}


def test_a_retry_that_breaks_off_leaves_its_people_to_another_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with personio(peculiar=True) as company:
        kept(company)
        run = imported(company.account)
        attention = {key for key, one in results(run).items() if one in ("conflict", "invalid")}
        away = Away(monkeypatch)
        broken = retried(run)
        assert broken.state == "failed"
        assert results(broken) == dict.fromkeys(attention, "failed")
        accounted(broken)
        away.error = None
        assert set(results(retried(broken))) <= attention
