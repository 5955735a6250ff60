"""An import that fails in the middle keeps what is done, and the next one completes it."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from rollcall.directory.models import User
from rollcall.imports import dispatch, runs
from rollcall.imports.errors import Overlap, WrongState
from rollcall.imports.models import Run
from rollcall.jobs.process import this_process
from rollcall.targets.errors import TargetRefused, TargetUnreachable
from tests.imports.interruption import something_happens
from tests.imports.world import (
    CLI,
    Personio,
    accounted,
    begin,
    directory,
    ended,
    imported,
    personio,
    request,
    results,
)

pytestmark = pytest.mark.usefixtures("carrying_out")


def unreachable() -> None:
    raise TargetUnreachable("the directory does not answer; try again later")


def refused() -> None:
    raise TargetRefused("the directory refused the key; enter another")


def away() -> None:
    raise OperationalError("server closed the connection unexpectedly")


def out_of_order() -> None:
    raise ZeroDivisionError("grace.hopper@example.com divided by zero")


def failed(company: Personio, monkeypatch: pytest.MonkeyPatch, at: int = 4) -> Run:
    """An import whose directory is unreachable from one batch on."""
    with monkeypatch.context() as trouble:
        something_happens(trouble, at=at, before=unreachable)
        return imported(company.account)


def retried(run: Run) -> Run:
    again = runs.retry(run, CLI, executor=this_process().executor)
    dispatch.begin(again)
    return ended(again.pk)


def test_a_directory_that_is_gone_in_the_middle_keeps_everything_so_far(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with personio() as company:
        run = failed(company, monkeypatch)
    assert (run.state, run.error_code) == ("failed", "directory")
    assert run.error == "the directory does not answer; try again later"
    accounted(run)
    assert run.counts["created"] == 30 == User.objects.count()
    rest = run.changes.filter(result="failed")
    assert {(row.error or {})["code"] for row in rest} == {"run_failed"}


def test_the_next_import_ends_as_one_that_nothing_happened_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with personio() as company:
        failed(company, monkeypatch)
        run = imported(company.account)
        ended_so = directory()
        User.objects.all().delete()
        undisturbed = imported(company.account)
    accounted(run)
    assert run.state == undisturbed.state == "completed"
    assert ended_so == directory()


def test_a_directory_that_refuses_is_told_in_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    something_happens(monkeypatch, at=1, before=refused)
    with personio() as company:
        run = imported(company.account)
    assert (run.state, run.error_code) == ("failed", "directory")
    assert "refused the key" in run.error
    accounted(run)


def test_an_error_of_our_own_ends_the_import_without_repeating_anybodys_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    something_happens(monkeypatch, at=2, within=out_of_order)
    with personio() as company:
        run = imported(company.account)
    assert (run.state, run.error_code) == ("failed", "internal")
    assert "ZeroDivisionError" in run.error
    assert "grace" not in run.error
    accounted(run)
    assert run.counts["created"] == 10 == User.objects.count()


@pytest.mark.parametrize("moment", ["before", "within"])
def test_a_database_that_is_away_for_a_moment_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    with monkeypatch.context() as trouble:
        something_happens(trouble, at=3, **{moment: away})
        with personio() as company:
            run = imported(company.account)
    assert run.state == "completed"
    accounted(run)
    assert run.counts["created"] == User.objects.count()


def test_a_retry_carries_out_those_who_need_it_and_asks_personio_for_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with personio() as company:
        run = failed(company, monkeypatch)
    again = retried(run)
    accounted(again)
    assert again.state == "completed"
    wanted = {key for key, result in results(run).items() if result == "failed"}
    assert set(results(again)) == wanted
    assert again.counts["created"] == len(wanted)
    assert User.objects.count() == run.counts["created"] + len(wanted)


def test_a_retry_links_managers_between_old_and_new_users(monkeypatch: pytest.MonkeyPatch) -> None:
    with personio() as company:
        retried(failed(company, monkeypatch))
        followed = imported(company.account)
        ended_so = directory()
        User.objects.all().delete()
        imported(company.account)
    accounted(followed)
    assert ended_so == directory()


def test_a_retry_can_be_retried(monkeypatch: pytest.MonkeyPatch) -> None:
    with personio() as company:
        run = failed(company, monkeypatch)
    with monkeypatch.context() as trouble:
        something_happens(trouble, at=2, before=unreachable)
        second = retried(run)
    assert second.state == "failed"
    accounted(second)
    third = retried(second)
    accounted(third)
    assert third.state == "completed"
    assert third.counts["created"] == second.counts["failed"]


def test_those_in_conflict_can_be_retried_after_they_were_corrected() -> None:
    with personio(peculiar=True) as company:
        run = imported(company.account)
        again = retried(run)
    attention = {key for key, one in results(run).items() if one in ("conflict", "invalid")}
    assert attention
    assert results(again) == {key: results(run)[key] for key in attention}


def test_there_is_nothing_to_retry_where_everything_was_done() -> None:
    with personio() as company:
        run = imported(company.account)
    with pytest.raises(WrongState, match="nobody"):
        runs.retry(run, CLI)


def test_a_review_cannot_be_retried() -> None:
    with personio() as company:
        run = imported(company.account, review=True)
    with pytest.raises(WrongState, match="only an ended run"):
        runs.retry(run, CLI)


def test_nothing_is_retried_beside_an_import_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    with personio() as company:
        run = failed(company, monkeypatch)
        runs.start_here(request(company.account))
        with pytest.raises(Overlap):
            runs.retry(run, CLI)


def test_personio_that_is_gone_fails_the_import_with_nobody_to_account_for() -> None:
    with personio() as company:
        account = company.account
    run = ended(begin(account).pk)
    assert (run.state, run.error_code) == ("failed", "source")
    accounted(run)
