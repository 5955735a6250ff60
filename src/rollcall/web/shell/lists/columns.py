"""What a list is declared with: its columns, filters and bulk buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

M = TypeVar("M", bound=Model)
Text: TypeAlias = "str | Promise"


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
    hundred values. None makes the filter a field to type in, of the HTML type `kind`.
    """

    key: str
    label: Text
    # Called, since choices come from the database and their words from the reader's language.
    choices: Callable[[], Sequence[tuple[str, Text]]] | None
    narrow: Callable[[QuerySet[M], str], QuerySet[M]]
    kind: str = "text"


@dataclass(frozen=True)
class Bulk:
    """A button for the selected rows; it sends `action` by POST to the listing's own address."""

    action: str
    label: Text
    danger: bool = False
