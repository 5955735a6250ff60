"""Following v2's cursors, and noticing where they lead in circles: no network, only counting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

LONGEST_CURSOR: Final = 4096
"""Characters: a longer one would not fit into an address that servers accept."""
MOST_PAGES: Final = 20_000
"""A million people in pages of fifty: more than any account has."""
MOST_PAGES_WITHOUT_NEWS: Final = 5
"""Pages in a row that bring nothing new; a list that moves while it is read has one or two."""


@dataclass
class Cursors:
    """The way through one list, page by page.

    `is_whole` says, once there is no further page, whether the list came to its end: the last page
    named no next one. Otherwise the cursors led in circles, or nowhere, or past an empty page.
    """

    most_pages: int = MOST_PAGES
    is_whole: bool = False
    _used: set[int] = field(default_factory=set)  # hashes: a cursor may be long
    _pages: int = 0
    _without_news: int = 0

    def after(self, content: Mapping[str, Any], *, news: bool) -> str | None:
        """The cursor of the page after this one, or None; `news` if it brought anything new.

        A page that is empty is the last.
        """
        self._pages += 1
        self._without_news = 0 if news else self._without_news + 1
        links = _links(content)
        if links is None:
            return None
        if (link := _href(links.get("next"))) is None:
            self.is_whole = True
            return None
        cursor = cursor_of(link)
        if (
            # A cursor that repeats, or leads past an empty page, leads nowhere: the read is not
            # whole.
            content.get("_data") == []
            or cursor is None
            or hash(cursor) in self._used
            or self._is_enough
        ):
            return None
        self._used.add(hash(cursor))
        return cursor

    @property
    def _is_enough(self) -> bool:
        return self._pages >= self.most_pages or self._without_news >= MOST_PAGES_WITHOUT_NEWS


def cursor_of(link: object) -> str | None:
    """The cursor in a link; None where there is none that could be sent.

    Nothing else of the link is used: whatever host or path it names, the token goes nowhere else.
    """
    if not isinstance(link, str):
        return None
    try:
        # Bounded: somebody else may have written the link.
        cursors = parse_qs(urlsplit(link).query, max_num_fields=100).get("cursor")
    except ValueError:
        return None
    cursor = cursors[-1] if cursors else ""
    return cursor if 0 < len(cursor) <= LONGEST_CURSOR else None


def _links(content: Mapping[str, Any]) -> dict[str, Any] | None:
    """The links of a page, which every page has; without them nobody knows if it is the last."""
    meta = content.get("_meta")
    links = meta.get("links") if isinstance(meta, dict) else None
    return links if isinstance(links, dict) else None


def _href(link: object) -> object:
    return link.get("href") if isinstance(link, dict) else link
