"""The controls around a list as its template draws them: headings, choices, tabs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString

from rollcall.web.shell.lists.columns import Text


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
    kind: str = "text"

    def options(self) -> SafeString:
        """The choices as options of a drop-down."""
        return options(self.choices or (), self.value)


def options(choices: Iterable[tuple[str, Text]], chosen: str = "") -> SafeString:
    """Choices as options of a drop-down: hundreds of them cost a template many milliseconds."""
    # Labels are names that people chose: escaped here, since the template trusts the result.
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
