"""A cancelled import stops where it stands, and accounts for everybody."""

from __future__ import annotations

import pytest

from rollcall.directory.models import User
from rollcall.imports import runs
from rollcall.imports.errors import WrongState
from rollcall.imports.models import Run
from tests.actors import TESTER
from tests.imports.interruption import something_happens
from tests.imports.world import accounted, approved, imported, personio, request, results

pytestmark = pytest.mark.usefixtures("carrying_out")


def cancel_the_one_at_work() -> None:
    runs.cancel(TESTER, Run.objects.get(state="applying").pk)


def test_cancelling_a_review_accounts_for_everybody_as_skipped() -> None:
    with personio() as company:
        run = runs.cancel(TESTER, imported(company.account, review=True).pk)
    assert run.state == "cancelled"
    assert run.finished_at
    accounted(run)
    assert set(results(run).values()) == {"skipped"}
    assert not User.objects.exists()


def test_cancelling_before_anybody_was_read_leaves_no_credentials(transactional_db: None) -> None:
    with personio() as company:
        run = runs.cancel(TESTER, runs.start_here(request(company.account)).pk)
    assert run.sealed_credentials is None
    accounted(run)


def test_cancelled_between_two_batches_what_was_done_stays_and_the_rest_is_skipped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    something_happens(monkeypatch, at=3, before=cancel_the_one_at_work)
    with personio() as company:
        run = imported(company.account)
    assert run.state == "cancelled"
    accounted(run)
    assert run.counts["created"] == 20 == User.objects.count()
    assert sum(one == "created" for one in results(run).values()) == 20


def test_a_batch_that_is_being_written_while_the_import_is_cancelled_is_not_half_recorded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with personio() as company:
        planned = imported(company.account, review=True)
        something_happens(monkeypatch, at=3, before=cancel_the_one_at_work)
        run = approved(planned)
    accounted(run)
    created = [key for key, result in results(run).items() if result == "created"]
    assert set(User.objects.values_list("identities__external_id", flat=True)) == set(created)
    assert run.counts["created"] == len(created)


def test_the_next_import_brings_in_who_was_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    with personio() as company:
        with monkeypatch.context() as trouble:
            something_happens(trouble, before=cancel_the_one_at_work)
            cancelled = imported(company.account)
        again = imported(company.account)
    accounted(again)
    assert again.counts["unchanged"] >= 1
    assert again.counts["created"] + cancelled.counts["created"] == User.objects.count()


@pytest.mark.parametrize("review", [False, True])
def test_an_ended_import_cannot_be_cancelled(review: bool) -> None:
    with personio(20) as company:
        run = imported(company.account, review=review)
    run = runs.cancel(TESTER, run.pk) if review else run
    with pytest.raises(WrongState, match="already"):
        runs.cancel(TESTER, run.pk)
