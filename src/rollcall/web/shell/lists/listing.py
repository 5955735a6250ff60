"""List pages: search, filters, sorting, column choice, paging, CSV and bulk selection.

A page declares a `Listing` once and answers with `listing.answer(request, queryset, …)`. All state
is in the address: everything works with plain links and GET forms; htmx swaps the table only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Generic

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate

from rollcall.web.shell.lists import csv_export
from rollcall.web.shell.lists.columns import Bulk, Column, Filter, M, Text
from rollcall.web.shell.lists.display import Shown
from rollcall.web.shell.lists.query import Query

MOST_KEYS: Final = 2**63
"""More than any column of keys holds."""


@dataclass(frozen=True)
class Listing(Generic[M]):
    """What a list page is made of.

    `name` names the CSV file; `order` is the default order of rows (fields as in `order_by`).
    `search` narrows to what was typed. `fetch` adds what drawing a row needs (`select_related`,
    `prefetch_related`); it is used for the rows on screen and for the CSV, never for counting.
    `empty` is a template that says what to do when there is nothing at all; `bulk_more` one with
    further controls for the bulk bar (a drop-down of groups, say). `above` is drawn above the table
    and anew with it, `beside_csv` beside the link to the file. `tabs` is a filter that is drawn
    as tabs above the list, its labels with their counts. `opens_on` is the tab that is open where
    the address neither names one nor searches; "" is the one with everything.
    """

    name: str
    columns: tuple[Column[M], ...]
    order: tuple[str, ...]
    search: Callable[[QuerySet[M], str], QuerySet[M]] | None = None
    search_label: Text = ""
    filters: tuple[Filter[M], ...] = ()
    bulk: tuple[Bulk, ...] = ()
    fetch: Callable[[QuerySet[M]], QuerySet[M]] = field(default=lambda rows: rows)
    empty: str = "portal/_empty.html"
    bulk_more: str = ""
    above: str = ""
    beside_csv: str = ""
    tabs: Filter[M] | None = None
    opens_on: str = ""

    @property
    def every_filter(self) -> tuple[Filter[M], ...]:
        """The filters, with the one that is drawn as tabs."""
        return (*self.filters, self.tabs) if self.tabs else self.filters

    def answer(
        self,
        request: HttpRequest,
        rows: QuerySet[M],
        *,
        template: str,
        context: Mapping[str, Any] | None = None,
        can_bulk: bool = True,
        total: int | None = None,
        drawn: Callable[[QuerySet[M]], Mapping[str, Any]] | None = None,
    ) -> HttpResponseBase:
        """The page (or, with `?export=csv`, the file) for these rows, as the address asks for.

        `total` is how many rows there are in all, where the caller has a quicker way to count them.
        `drawn` makes more context for the page of the rows that match.
        """
        query = Query(self, request.GET)
        matching = query.narrow(rows)
        if request.GET.get("export") == "csv":
            return self._csv(request, query, matching)
        # The quick count is of all rows, and says nothing of those that match.
        if total is None or query.narrowed:
            total = matching.order_by().count()
        shown = Shown(self, query, matching, total, bulk=self.bulk if can_bulk else ())
        more = drawn(matching) if drawn else {}
        return render(request, template, {**(context or {}), **more, "listing": shown})

    def chosen(self, request: HttpRequest, rows: QuerySet[M]) -> QuerySet[M]:
        """The rows that a bulk form selected: the ticked ones, or all that match its filters."""
        if request.POST.get("scope") == "all":
            # The filters again, and not their rows: fifty thousand keys would not fit into a form.
            return Query(self, QueryDict(request.POST.get("query", ""))).narrow(rows)
        return rows.filter(pk__in=_keys(rows.model, request.POST.getlist("chosen")))

    def _csv(
        self, request: HttpRequest, query: Query[M], matching: QuerySet[M]
    ) -> HttpResponseBase:
        columns = query.columns() if query.given.getlist("columns") else list(self.columns)

        def values() -> Iterator[list[object]]:
            ordered = self.fetch(matching.order_by(*query.order()))
            # Row by row, since a file has every row and a process little memory.
            for row in ordered.iterator(chunk_size=500):
                yield [column.value(row) for column in columns]

        heading = [str(column.label) for column in columns]
        return csv_export.stream(
            request, f"{self.name}-{localdate().isoformat()}.csv", heading, values()
        )


def _keys(model: type[Model], texts: Iterable[str]) -> Iterator[object]:
    """Those of the texts that can be keys of this model's rows; none else is anybody's row."""
    for text in texts:
        with suppress(ValidationError):
            key = model._meta.pk.to_python(text)
            if not isinstance(key, int) or abs(key) < MOST_KEYS:
                yield key
