"""A plan that waited for its review overwrites nothing that is newer than it."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from rollcall.directory import services
from rollcall.directory.models import User
from rollcall.directory.services import HAND, NewUser
from rollcall.imports.models import ChangeRecord
from rollcall.imports.options import Options
from rollcall.sandbox.company import Company
from tests.actors import TESTER
from tests.imports.returning import Company as Files
from tests.imports.returning import carry_out, retried, started
from tests.imports.world import (
    PartlyGone,
    accounted,
    approved,
    directory,
    imported,
    personio,
    results,
)

pytestmark = pytest.mark.usefixtures("carrying_out")


def reasons(run_id: UUID) -> set[str]:
    rows = ChangeRecord.objects.filter(run=run_id, error__isnull=False)
    return {row.error["code"] for row in rows if row.error}


def test_two_previews_of_one_company_make_everybody_once_and_the_second_says_so() -> None:
    with personio() as company:
        first = imported(company.account, review=True)
        second = imported(company.account, review=True)
    made = approved(first).counts["created"]
    before = directory()
    run = approved(second)
    accounted(run)
    assert run.counts.get("created", 0) == 0
    assert directory() == before
    assert User.objects.count() == made
    assert {"made_since"} == reasons(run.pk)


def test_two_previews_of_one_day_change_everybody_once() -> None:
    with personio() as company:
        imported(company.account)
        company.becomes(Company(87, day=2, peculiar=False))
        first = imported(company.account, review=True)
        second = imported(company.account, review=True)
    approved(first)
    before = directory()
    run = approved(second)
    accounted(run)
    assert directory() == before
    assert run.counts.get("updated", 0) == run.counts.get("created", 0) == 0


def test_a_preview_of_yesterday_writes_nothing_over_what_today_has_read() -> None:
    with personio() as company:
        imported(company.account)
        company.becomes(Company(87, day=2, peculiar=False))
        yesterday = imported(company.account, review=True)
        company.becomes(PartlyGone(87, day=2, peculiar=False, gone_from=80))
        imported(company.account)
    before = directory()
    run = approved(yesterday)
    accounted(run)
    assert directory() == before
    assert not {"created", "updated", "suspended"} & set(results(run).values())


def test_a_change_that_personio_has_taken_back_since_is_not_made() -> None:
    with personio() as company:
        imported(company.account)
        before = directory()
        company.becomes(Company(87, day=2, peculiar=False))
        planned = imported(company.account, review=True)
        company.becomes(Company(87, peculiar=False))
        imported(company.account)
    run = approved(planned)
    accounted(run)
    assert directory() == before
    assert "source_moved_since" in reasons(run.pk)


@pytest.mark.django_db
def test_a_retry_that_goes_by_what_was_read_then_writes_nothing_over_a_newer_read(
    tmp_path: Path,
) -> None:
    firm = Files("north", tmp_path / "north.csv")
    ada = firm.hire("a", "ada@north.example", last="Alt")
    by_hand = NewUser({"username": "ada", "email": ada.email})
    (user,) = services.create_users(TESTER, HAND, [by_hand])
    assert isinstance(user, User)
    firm.hand_out(0)
    first = carry_out(started(firm, Options()))
    assert first.counts == {"conflict": 1}
    services.delete_users(TESTER, HAND, [user.pk])
    firm.change(ada, last="Neu")
    firm.hand_out(0)
    carry_out(started(firm, Options()))
    run = retried(first)
    accounted(run)
    assert User.objects.get().lastname == "Neu"
    assert reasons(run.pk) == {"source_moved_since"}
