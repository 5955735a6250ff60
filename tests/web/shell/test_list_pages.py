"""List pages: sorting, paging, columns, selection; the same number of queries for any size."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from rollcall.audit.models import Event
from rollcall.web.shell.lists.columns import Column
from rollcall.web.shell.lists.listing import Listing
from rollcall.web.shell.lists.query import Query
from tests.web.html import squeezed

pytestmark = pytest.mark.django_db
LOG = "/insights/directory/"

PEOPLE: Listing[Event] = Listing(
    name="people",
    order=("-timestamp",),
    search=lambda rows, typed: rows.filter(actor_name__icontains=typed),
    columns=(
        Column("actor", "Who", lambda one: one.actor_name, ("actor_name",)),
        Column("action", "Action", lambda one: one.action, shown=False),
    ),
)


def _fill(number: int) -> None:
    Event.objects.bulk_create(
        Event(actor_name=f"person {n:05}", door="cli", action="a") for n in range(number)
    )


def _queries(admin: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert admin.get(LOG).status_code == 200
    return len(captured)


def test_the_number_of_queries_is_the_same_for_few_and_many(admin: Client) -> None:
    few = _queries(admin)
    _fill(300)
    assert _queries(admin) == few


def test_pages_follow_each_other_without_gap_or_overlap(admin: Client) -> None:
    _fill(120)
    seen: list[str] = []
    for number in (1, 2, 3):
        page = admin.get(f"{LOG}?source=cli&sort=at&page={number}").content.decode()
        seen += [word for word in squeezed(page).split("<td>") if word.startswith("person ")]
    assert len(seen) == 120
    assert len(set(seen)) == 120


@pytest.mark.parametrize("page", ["0", "-1", "999999", "x", "9" * 40])
def test_a_page_that_is_not_there_shows_the_nearest(admin: Client, page: str) -> None:
    assert admin.get(f"{LOG}?page={page}").status_code == 200


def test_sorting_goes_both_ways_and_unknown_columns_are_ignored() -> None:
    assert Query(PEOPLE, QueryDict("sort=actor")).order() == ["actor_name", "pk"]
    assert Query(PEOPLE, QueryDict("sort=-actor")).order() == ["-actor_name", "-pk"]
    assert Query(PEOPLE, QueryDict("sort=password")).order() == ["-timestamp", "-pk"]


def test_columns_are_chosen_by_the_address() -> None:
    assert [one.key for one in Query(PEOPLE, QueryDict("")).columns()] == ["actor"]
    chosen = Query(PEOPLE, QueryDict("columns=action&columns=nonsense")).columns()
    assert [one.key for one in chosen] == ["action"]


def test_a_bulk_form_selects_the_ticked_or_all_that_match() -> None:
    _fill(3)
    first = Event.objects.order_by("pk")[0]
    request = RequestFactory().post("/", {"chosen": [str(first.pk)], "scope": "chosen"})
    rows = Event.objects.all()
    assert list(PEOPLE.chosen(request, rows)) == [first]
    request = RequestFactory().post("/", {"scope": "all", "query": "q=person+00002"})
    assert [one.actor_name for one in PEOPLE.chosen(request, rows)] == ["person 00002"]
    assert PEOPLE.chosen(RequestFactory().post("/", {}), rows).count() == 0


def test_markup_in_a_value_stays_text(admin: Client) -> None:
    Event.objects.create(actor_name="<script>alert(1)</script>", door="cli", action="a")
    page = admin.get(LOG).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("key", ["9" * 30, "-" + "9" * 30, "²", "1e400", "x", ""])
def test_a_ticked_row_that_cannot_be_one_is_nobodys(key: str) -> None:
    event = Event.objects.create(action="x", actor_name="x", event_type="x", door="cli")
    form = {"chosen": [key, str(event.pk)]}
    request = RequestFactory().post("/", form)
    assert list(PEOPLE.chosen(request, Event.objects.all())) == [event]
