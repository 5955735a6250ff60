"""The names for v2's ids: offices, departments, legal entities and cost centers, fetched once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from rollcall.provisioning.employee import UNKNOWN, Unknown
from rollcall.sources.personio import cleaning
from rollcall.sources.personio.errors import AccessDenied
from rollcall.sources.personio.v2.dialect import NotThere
from rollcall.sources.personio.v2.lists import rows
from rollcall.sources.personio.v2.pagination import Cursors

LISTS: Final[Mapping[str, str]] = {
    "office": "workplaces",
    "department": "org-units",
    "subcompany": "legal-entities",
    "cost_centers": "cost-centers",
}
"""By Personio's key of the attribute: the list that has the names for its ids (v2)."""

PAGE_SIZE: Final = 100
MOST_PAGES: Final = 1000

Fetch = Callable[[str, str | None], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one list by id; `readable` is false where the credential has no right to it."""

    by_id: Mapping[str, str] = field(default_factory=dict)
    readable: bool = True

    def of(self, reference: object) -> str | Unknown | None:
        """The name of `{"id": …}`; None for none, `UNKNOWN` where the list is not readable.

        Raises:
            Unusable: it refers to something that the list does not have.
        """
        if not self.readable:
            return UNKNOWN
        if cleaning.is_empty(reference):
            return None
        number = reference.get("id") if isinstance(reference, dict) else None
        name = self.by_id.get(cleaning.identity(number))
        if name is None:
            raise cleaning.Unusable
        return name


class Directory:
    """The lists of one account, each fetched when it is first asked for.

    `fetch` brings the body of a page of the list with this name, by its cursor.
    """

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._known: dict[str, Names] = {}

    def names(self, attribute: str) -> Names:
        """The names that the values of this attribute go by.

        Raises:
            PersonioError: the list could not be read, though the right to it is not what lacks.
        """
        # Held while the list is read: the threads that need it wait, instead of reading it once
        # each.
        with self._lock:
            if attribute not in self._known:
                self._known[attribute] = self._read(LISTS[attribute])
            return self._known[attribute]

    def _read(self, path: str) -> Names:
        by_id: dict[str, str] = {}
        cursors = Cursors(MOST_PAGES)
        cursor: str | None = None
        while True:
            try:
                content = self._fetch(path, cursor)
            # A list without a right to it, or that the account's plan lacks, leaves its names
            # unknown: the read goes on without them.
            except (AccessDenied, NotThere):
                return Names(readable=False)
            before = len(by_id)
            by_id.update(filter(None, map(_named, rows(content))))
            cursor = cursors.after(content, news=len(by_id) > before)
            if cursor is None:
                return Names(by_id)


def _named(row: object) -> tuple[str, str] | None:
    """The id and the name of a row; None for a team, whose ids are counted on their own."""
    if not isinstance(row, dict) or str(row.get("type", "department")).lower() == "team":
        return None
    try:
        name = cleaning.text(row.get("name"))
        return (cleaning.identity(row.get("id")), name) if name else None
    except (cleaning.Unusable, RecursionError):
        return None
