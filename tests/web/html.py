"""Pages as text that tests look into, whatever the templates' own line breaks."""

from __future__ import annotations

import re
from html.parser import HTMLParser


def squeezed(page: str) -> str:
    """The page with every run of whitespace as one space, and none beside a tag."""
    return re.sub(r"(?<=>) | (?=<)", "", re.sub(r"\s+", " ", page))


class _Form(HTMLParser):
    """Reads the fields of the first form that is drawn as a card."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._inside = self._done = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag == "form" and "card" in (has.get("class") or "").split() and not self._done:
            self._inside = True
        unticked = has.get("type") in ("checkbox", "radio") and "checked" not in has
        if self._inside and tag == "input" and has.get("name") and not unticked:
            self.fields[str(has["name"])] = has.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._inside:
            self._inside, self._done = False, True


def form_values(page: str) -> dict[str, str]:
    """What the page's form would send as it was drawn: its inputs, and no button."""
    form = _Form()
    form.feed(page)
    return form.fields
