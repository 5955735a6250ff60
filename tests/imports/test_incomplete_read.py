"""What Personio did not tell of takes nothing from anybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rollcall.directory.models import User
from rollcall.sources.personio.account import ApiVersion
from tests.imports.world import PartlyGone, accounted, imported, personio, told

pytestmark = pytest.mark.usefixtures("carrying_out")
FIRST_OF_PAGE_TWO = "4710100"


def test_a_page_that_never_comes_is_named_and_nobody_on_it_is_touched() -> None:
    loses: set[str] = set()
    with personio(250, loses=loses) as company:
        imported(company.account)
        before = User.objects.filter(state="SUSPENDED").count()
        loses.add("100")
        run = imported(company.account)
    assert run.state == "completed"
    assert not run.complete
    assert run.fetched == 150
    accounted(run)
    assert User.objects.filter(state="SUSPENDED").count() == before
    assert any("employees 101 to 200" in line for line in told(run))
    assert any("nobody is suspended" in line for line in told(run))


def test_an_incomplete_read_suspends_nobody_and_still_creates() -> None:
    loses = {"100"}
    with personio(250, loses=loses) as company:
        first = imported(company.account)
        assert first.counts["created"] == User.objects.count() > 100
        company.becomes(PartlyGone(250, peculiar=False, gone_from=245))
        second = imported(company.account)
    assert second.counts.get("suspended", 0) == 0
    assert not User.objects.filter(state="SUSPENDED").exists()


def test_the_next_complete_read_suspends_those_who_left() -> None:
    loses = {"100"}
    with personio(250, loses=loses) as company:
        imported(company.account)
        company.becomes(PartlyGone(250, peculiar=False, gone_from=245))
        imported(company.account)
        loses.clear()
        run = imported(company.account)
    assert run.complete
    assert run.counts["suspended"] == User.objects.filter(state="SUSPENDED").count() > 0


@pytest.mark.parametrize(
    ("attribute", "field"),
    [
        ("supervisor", "manager"),
        ("department", "department"),
        ("office", "location"),
        ("cost_centers", "costCenter"),
        ("position", "jobTitle"),
        ("subcompany", "company"),
        ("employment_type", "employeeType"),
    ],
)
def test_an_attribute_that_may_no_longer_be_read_is_named_and_its_values_stay(
    attribute: str, field: str
) -> None:
    with personio() as company:
        imported(company.account)
        before = list(User.objects.order_by("pk").values_list(field, flat=True))
        assert any(before)
        company.lets_read_all_but(attribute)
        run = imported(company.account)
    assert run.state == "completed"
    accounted(run)
    assert any(f"`{attribute}`" in line for line in told(run))
    assert list(User.objects.order_by("pk").values_list(field, flat=True)) == before
    assert run.counts.get("updated", 0) == 0


def test_an_import_that_cannot_read_the_status_suspends_and_creates_nobody() -> None:
    with personio() as company:
        company.lets_read_all_but("status")
        # version 2 of the API has rights of its own, and would be asked where version 1 refuses
        run = imported(replace(company.account, api_version=ApiVersion.V1))
    assert not User.objects.exists()
    if run.state == "completed":
        accounted(run)
        assert any("`status`" in line for line in told(run))
    else:
        assert "`status`" in run.error
