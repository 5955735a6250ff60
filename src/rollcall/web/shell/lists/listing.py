"""List pages: search, filters, sorting, column choice, paging, CSV and bulk selection.

A page declares a `Listing` once and answers with `listing.answer(request, queryset, …)`. All state
is in the address: everything works with plain links and GET forms; htmx swaps the table only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.timezone import localdate

from rollcall.web.shell.lists import csv_export

M = TypeVar("M", bound=Model)
Text: TypeAlias = "str | Promise"

PAGE_SIZE = 50


@dataclass(frozen=True)
class Column(Generic[M]):
    """One column.

    `value` is the cell's text, on the page and in the CSV; `template`, where given, draws the cell
    on the page (with `row` and `value`). `sort` names the fields to order by, ascending; they
    should be indexed. `shown` says whether the column is on the page where none were chosen; the
    CSV then has them all.
    """

    key: str
    label: Text
    value: Callable[[M], object]
    sort: tuple[str, ...] = ()
    template: str = ""
    shown: bool = True


@dataclass(frozen=True)
class Filter(Generic[M]):
    """One filter: its choices as (value, label), and how a value narrows the rows.

    `choices` is called once per page; keep it to one query at most, and let it return at most a few
    hundred values. None makes the filter a field to type in.
    """

    key: str
    label: Text
    choices: Callable[[], Sequence[tuple[str, Text]]] | None
    narrow: Callable[[QuerySet[M], str], QuerySet[M]]


@dataclass(frozen=True)
class Bulk:
    """A button for the selected rows; it sends `action` by POST to the listing's own address."""

    action: str
    label: Text
    danger: bool = False


@dataclass(frozen=True)
class Listing(Generic[M]):
    """What a list page is made of.

    `name` names the CSV file; `order` is the default order of rows (fields as in `order_by`).
    `search` narrows to what was typed. `fetch` adds what drawing a row needs (`select_related`,
    `prefetch_related`); it is used for the rows on screen and for the CSV, never for counting.
    `empty` is a template that says what to do when there is nothing at all; `bulk_more` one with
    further controls for the bulk bar (a drop-down of groups, say). `tabs` is a filter that is drawn
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
    ) -> HttpResponseBase:
        """The page (or, with `?export=csv`, the file) for these rows, as the address asks for.

        `total` is how many rows there are in all, where the caller has a quicker way to count them.
        """
        query = Query(self, request.GET)
        matching = query.narrow(rows)
        if request.GET.get("export") == "csv":
            return self._csv(request, query, matching)
        if total is None or query.narrowed:
            total = matching.order_by().count()
        shown = Shown(self, query, matching, total, bulk=self.bulk if can_bulk else ())
        return render(request, template, {**(context or {}), "listing": shown})

    def chosen(self, request: HttpRequest, rows: QuerySet[M]) -> QuerySet[M]:
        """The rows that a bulk form selected: the ticked ones, or all that match its filters."""
        if request.POST.get("scope") == "all":
            return Query(self, QueryDict(request.POST.get("query", ""))).narrow(rows)
        return rows.filter(pk__in=request.POST.getlist("chosen"))

    def _csv(
        self, request: HttpRequest, query: Query[M], matching: QuerySet[M]
    ) -> HttpResponseBase:
        columns = query.columns() if query.given.getlist("columns") else list(self.columns)

        def values() -> Iterator[list[object]]:
            ordered = self.fetch(matching.order_by(*query.order()))
            for row in ordered.iterator(chunk_size=500):
                yield [column.value(row) for column in columns]

        heading = [str(column.label) for column in columns]
        return csv_export.stream(
            request, f"{self.name}-{localdate().isoformat()}.csv", heading, values()
        )


class Query(Generic[M]):
    """What an address asks of a listing: `q`, one value per filter, `sort`, `columns`, `page`."""

    def __init__(self, listing: Listing[M], given: QueryDict) -> None:
        self.listing = listing
        self.given = given
        self.search = given.get("q", "").replace("\x00", "").strip()
        self.filters = {
            one.key: value for one in listing.every_filter if (value := given.get(one.key, ""))
        }
        tabs = listing.tabs
        if tabs and listing.opens_on and tabs.key not in given and not self.narrowed:
            self.filters[tabs.key] = listing.opens_on

    @property
    def narrowed(self) -> bool:
        """Whether anything is searched or filtered."""
        return bool(self.search or self.filters)

    def narrow(self, rows: QuerySet[M]) -> QuerySet[M]:
        """The rows that match the search and the filters."""
        if self.search and self.listing.search:
            rows = self.listing.search(rows, self.search)
        for one in self.listing.every_filter:
            if value := self.filters.get(one.key):
                rows = one.narrow(rows, value)
        return rows

    def sort(self) -> tuple[Column[M] | None, bool]:
        """The column to sort by and whether downwards; None for the listing's own order."""
        asked = self.given.get("sort", "")
        key, down = asked.removeprefix("-"), asked.startswith("-")
        return next((c for c in self.listing.columns if c.key == key and c.sort), None), down

    def order(self) -> list[str]:
        """The fields to order by, with the primary key last so that pages never overlap."""
        column, down = self.sort()
        fields = column.sort if column else self.listing.order
        if column and down:
            fields = tuple(one[1:] if one.startswith("-") else f"-{one}" for one in fields)
        last = "-pk" if fields and fields[-1].startswith("-") else "pk"
        return [*fields, last]

    def columns(self) -> list[Column[M]]:
        """The columns chosen, in the listing's order; the default ones where none was chosen."""
        chosen = set(self.given.getlist("columns"))
        found = [one for one in self.listing.columns if one.key in chosen]
        return found or [one for one in self.listing.columns if one.shown]

    def page(self) -> int:
        """The page asked for, from 1."""
        asked = self.given.get("page", "1")
        return max(1, int(asked)) if asked.isdecimal() and len(asked) < 9 else 1

    def link(self, **changes: str | None) -> str:
        """The address's query with these keys changed (None: taken out), back on page 1."""
        query = self.given.copy()
        query.pop("page", None)
        query.pop("export", None)
        for key, value in changes.items():
            query.pop(key, None)
            if value is not None:
                query[key] = value
        return f"?{query.urlencode()}"


@dataclass(frozen=True)
class Heading:
    """A column's heading: its label, and the link that sorts by it."""

    label: Text
    sort_link: str
    direction: str


@dataclass(frozen=True)
class Choice:
    """A filter as it stands on the page."""

    key: str
    label: Text
    choices: Sequence[tuple[str, Text]] | None
    value: str

    def options(self) -> SafeString:
        """The choices as options of a drop-down."""
        return options(self.choices or (), self.value)


def options(choices: Iterable[tuple[str, Text]], chosen: str = "") -> SafeString:
    """Choices as options of a drop-down: hundreds of them cost a template many milliseconds."""
    lines = [
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>'
        f"{escape(label)}</option>"
        for value, label in choices
    ]
    return SafeString("".join(lines))


@dataclass(frozen=True)
class Tab:
    """A tab above the list: where it leads, and whether it is the one that is open."""

    label: Text
    link: str
    lit: bool


class Shown(Generic[M]):
    """What the template `portal/_list.html` shows: one page of rows and every control around it."""

    def __init__(
        self,
        listing: Listing[M],
        query: Query[M],
        rows: QuerySet[M],
        total: int,
        bulk: tuple[Bulk, ...],
    ) -> None:
        self.listing, self.query, self.bulk = listing, query, bulk
        self.search, self.narrowed = query.search, query.narrowed
        self.searchable = listing.search is not None
        self.total = total
        self.pages = max(1, -(-self.total // PAGE_SIZE))
        self.page = min(query.page(), self.pages)
        self._rows = rows
        self.columns = query.columns()
        self.column_keys = [column.key for column in self.columns]
        self.query_string = query.link().removeprefix("?")

    def rows(self) -> list[tuple[M, list[tuple[object, str]]]]:
        """The rows on this page, each with its cells as (value, template).

        The keys of the page are found first, from an index alone; then the whole rows for them.
        """
        start = (self.page - 1) * PAGE_SIZE
        ordered = self._rows.order_by(*self.query.order())
        keys = list(ordered.values_list("pk", flat=True)[start : start + PAGE_SIZE])
        whole = self.listing.fetch(self._rows.model._default_manager.filter(pk__in=keys))
        found = {row.pk: row for row in whole}
        return [
            (found[key], [(one.value(found[key]), one.template) for one in self.columns])
            for key in keys
            if key in found
        ]

    def headings(self) -> list[Heading]:
        """One heading for each column on show."""
        sorted_by, down = self.query.sort()
        return [
            Heading(
                label=one.label,
                sort_link=self._sort_link(one, is_sorted=one is sorted_by, down=down),
                direction=("descending" if down else "ascending") if one is sorted_by else "",
            )
            for one in self.columns
        ]

    def _sort_link(self, column: Column[M], *, is_sorted: bool, down: bool) -> str:
        if not column.sort:
            return ""
        return self.query.link(sort=f"-{column.key}" if is_sorted and not down else column.key)

    def filters(self) -> list[Choice]:
        """Every filter with its choices and the one chosen."""
        return [self._choice(one) for one in self.listing.filters]

    def filtered(self) -> bool:
        """Whether a filter (other than the tabs and the search) is set."""
        return any(one.key in self.query.filters for one in self.listing.filters)

    def _choice(self, one: Filter[M]) -> Choice:
        value = self.query.filters.get(one.key, "")
        found = None if one.choices is None else list(one.choices())
        if found is not None and value and value not in [choice for choice, _ in found]:
            found.append((value, value))
        return Choice(one.key, one.label, found, value)

    def tabs(self) -> list[Tab]:
        """The tabs above the list, the one for everything first; none where it has no tabs."""
        found = self.listing.tabs
        if found is None or found.choices is None:
            return []
        lit = self.query.filters.get(found.key, "")
        return [
            Tab(label, self.query.link(**{found.key: self._tab_in_address(value)}), value == lit)
            for value, label in found.choices()
        ]

    def _tab_in_address(self, value: str) -> str | None:
        return value if value or self.listing.opens_on else None

    def tab_key(self) -> str:
        """The name that the tabs have in the address; "" where there are none."""
        return self.listing.tabs.key if self.listing.tabs else ""

    def tab_value(self) -> str:
        """Which tab the address names, so that a search stays in it; "" for none."""
        return self.query.given.get(self.tab_key(), "")

    def every_column(self) -> tuple[Column[M], ...]:
        """All columns, for the column choice."""
        return self.listing.columns

    def sort_value(self) -> str:
        """What the address asks to sort by."""
        return self.query.given.get("sort", "")

    def columns_chosen(self) -> list[str]:
        """The columns that the address names; empty for the default ones."""
        return self.query.given.getlist("columns")

    def first(self) -> int:
        """The number of the first row on this page, from 1."""
        return (self.page - 1) * PAGE_SIZE + 1 if self.total else 0

    def last(self) -> int:
        """The number of the last row on this page."""
        return min(self.page * PAGE_SIZE, self.total)

    def csv_link(self) -> str:
        """The link to the same rows as a file."""
        return f"{self.query.link()}&export=csv".replace("?&", "?")

    def page_links(self) -> list[tuple[int, str]]:
        """Links to the first, the last and the neighbouring pages; 0 stands for a gap."""
        near = range(self.page - 1, self.page + 2)
        wanted = sorted({1, self.pages, *(n for n in near if 1 <= n <= self.pages)})
        links: list[tuple[int, str]] = []
        for before, number in zip([0, *wanted], wanted, strict=False):
            if number - before > 1:
                links.append((0, ""))
            links.append((number, self._page_link(number)))
        return links

    def previous_link(self) -> str:
        """The link to the page before; "" on the first."""
        return self._page_link(self.page - 1) if self.page > 1 else ""

    def next_link(self) -> str:
        """The link to the next page; "" on the last."""
        return self._page_link(self.page + 1) if self.page < self.pages else ""

    def _page_link(self, number: int) -> str:
        return f"{self.query.link()}&page={number}".replace("?&", "?")
