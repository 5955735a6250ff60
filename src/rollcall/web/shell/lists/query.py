"""What an address asks of a list, and the rows that answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic

from django.db.models import QuerySet
from django.http import QueryDict

from rollcall.web.shell.lists.columns import Column, M

if TYPE_CHECKING:
    from rollcall.web.shell.lists.listing import Listing


class Query(Generic[M]):
    """What an address asks of a listing: `q`, one value per filter, `sort`, `columns`, `page`."""

    def __init__(self, listing: Listing[M], given: QueryDict) -> None:
        self.listing = listing
        self.given = given
        # PostgreSQL takes U+0000 in no text; pasted from elsewhere it is not worth an error.
        self.search = given.get("q", "").replace("\x00", "").strip()
        self.filters = {
            item.key: value for item in listing.every_filter if (value := given.get(item.key, ""))
        }
        tabs = listing.tabs
        if tabs and listing.opens_on and tabs.key not in given and not self.narrowed:
            # A search opens on everybody: whoever looks for a name must not miss it for a tab.
            self.filters[tabs.key] = listing.opens_on

    @property
    def narrowed(self) -> bool:
        """Whether anything is searched or filtered."""
        return bool(self.search or self.filters)

    def narrow(self, rows: QuerySet[M]) -> QuerySet[M]:
        """The rows that match the search and the filters."""
        if self.search and self.listing.search:
            rows = self.listing.search(rows, self.search)
        for item in self.listing.every_filter:
            if value := self.filters.get(item.key):
                rows = item.narrow(rows, value)
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
            fields = tuple(name[1:] if name.startswith("-") else f"-{name}" for name in fields)
        # In the direction of the field before it, so that one index serves both.
        last = "-pk" if fields and fields[-1].startswith("-") else "pk"
        return [*fields, last]

    def columns(self) -> list[Column[M]]:
        """The columns chosen, in the listing's order; the default ones where none was chosen."""
        chosen = set(self.given.getlist("columns"))
        columns = [column for column in self.listing.columns if column.key in chosen]
        return columns or [column for column in self.listing.columns if column.shown]

    def page(self) -> int:
        """The page asked for, from 1."""
        asked = self.given.get("page", "1")
        # Eight digits are more pages than there can be, and stay inside the database's numbers.
        return max(1, int(asked)) if asked.isdecimal() and len(asked) < 9 else 1

    def link(self, **changes: str | None) -> str:
        """The address's query with these keys changed (None: taken out), back on page 1."""
        query = self.given.copy()
        # Another order or filter has other pages, and a link to a page is none to a file.
        query.pop("page", None)
        query.pop("export", None)
        for key, value in changes.items():
            query.pop(key, None)
            if value is not None:
                query[key] = value
        return f"?{query.urlencode()}"
