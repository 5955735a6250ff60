"""One page of a list as its template shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic

from django.db.models import QuerySet

from rollcall.web.shell.lists.columns import Bulk, Column, Filter, M
from rollcall.web.shell.lists.controls import Choice, Heading, Tab
from rollcall.web.shell.lists.query import Query

if TYPE_CHECKING:
    from rollcall.web.shell.lists.listing import Listing

PAGE_SIZE = 50


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
        # A page beyond the last shows the last one: rows may have gone since the link was made.
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
        rows = {row.pk: row for row in whole}
        # A row that was deleted between the two statements is left out.
        return [(rows[key], self._cells(rows[key])) for key in keys if key in rows]

    def _cells(self, row: M) -> list[tuple[object, str]]:
        return [(column.value(row), column.template) for column in self.columns]

    def headings(self) -> list[Heading]:
        """One heading for each column on show."""
        sorted_by, down = self.query.sort()
        return [
            Heading(
                label=column.label,
                sort_link=self._sort_link(column, is_sorted=column is sorted_by, down=down),
                direction=("descending" if down else "ascending") if column is sorted_by else "",
            )
            for column in self.columns
        ]

    def _sort_link(self, column: Column[M], *, is_sorted: bool, down: bool) -> str:
        if not column.sort:
            return ""
        return self.query.link(sort=f"-{column.key}" if is_sorted and not down else column.key)

    def filters(self) -> list[Choice]:
        """Every filter with its choices and the one chosen."""
        return [self._choice(item) for item in self.listing.filters]

    def filtered(self) -> bool:
        """Whether a filter (other than the tabs and the search) is set."""
        return any(item.key in self.query.filters for item in self.listing.filters)

    def _choice(self, item: Filter[M]) -> Choice:
        value = self.query.filters.get(item.key, "")
        choices = None if item.choices is None else list(item.choices())
        # A bookmark may name a value that is no choice any more; it stays to be seen and cleared.
        if choices is not None and value and value not in [choice for choice, _ in choices]:
            choices.append((value, value))
        return Choice(item.key, item.label, choices, value, item.kind)

    def tabs(self) -> list[Tab]:
        """The tabs above the list, the one for everything first; none where it has no tabs."""
        tabs = self.listing.tabs
        if tabs is None or tabs.choices is None:
            return []
        lit = self.query.filters.get(tabs.key, "")
        return [
            Tab(label, self.query.link(**{tabs.key: self._tab_in_address(value)}), value == lit)
            for value, label in tabs.choices()
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
        # The first, the last and the neighbours; what lies between is a gap, however many pages.
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
