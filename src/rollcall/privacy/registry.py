"""The registry in which every room says what it keeps of a person, and what it keeps of nobody.

A room names its module of statements when its app is ready; the module is loaded when somebody
asks. A test holds every column of every model that could hold something of a person against
these statements: a new one without a statement fails it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeAlias

from django.db.models import Model, QuerySet

from rollcall.core.actor import Actor
from rollcall.privacy.subject import Subject

Rows: TypeAlias = "Sequence[QuerySet[Any]]"


def nobody(_: str) -> Iterable[Subject]:
    """What a room answers that knows nobody by a name of its own."""
    return ()


def anybody(_: Subject) -> None:
    """What a room asks before an erasing in which nothing of it can stand in the way."""


@dataclass(frozen=True, slots=True)
class PersonalRecords:
    """What one room keeps of people, and what is to be done with it.

    `columns` names models (`app.Model`) or single columns (`app.Model.column`). `rows` gives the
    rows about a person, a query for each model. `erase` takes out of them what they say of the
    person, in the caller's transaction, and says of how many rows. `identify` finds people by what
    somebody typed: an id, an e-mail, a username; `search` those whose names hold it, however they
    are written. `allow` raises, as `erase` does, where the person may not be erased now. What is
    in `secret` is never given out.
    """

    name: str
    columns: tuple[str, ...]
    rows: Callable[[Subject], Rows]
    erase: Callable[[Subject, Actor], int]
    identify: Callable[[str], Iterable[Subject]] = nobody
    search: Callable[[str], Iterable[Subject]] = nobody
    allow: Callable[[Subject], None] = anybody
    secret: frozenset[str] = frozenset()

    def find(self, subject: Subject) -> dict[str, int]:
        """How many rows of each model there are about the person."""
        counts: dict[str, int] = {}
        for rows in self.rows(subject):
            label = rows.model._meta.label
            counts[label] = counts.get(label, 0) + rows.order_by().count()
        return counts

    def export(self, subject: Subject) -> Iterator[dict[str, Any]]:
        """Each of these rows: its model, and its columns as JSON takes them."""
        for rows in self.rows(subject):
            for row in rows.order_by("pk").iterator(chunk_size=500):
                yield {"model": row._meta.label, **self._columns(row)}

    def _columns(self, row: Model) -> dict[str, Any]:
        fields = [field for field in row._meta.concrete_fields if field.name not in self.secret]
        values = {field.attname: getattr(row, field.attname) for field in fields}
        return {
            name: value
            if isinstance(value, bool | int | float | list | dict | None)
            else str(value)
            for name, value in values.items()
            if not isinstance(value, bytes | memoryview)
        }


@dataclass(frozen=True, slots=True)
class Impersonal:
    """Columns (or all of a model) that hold nothing of a person, and why that is so."""

    columns: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What a room says of all that it stores."""

    records: tuple[PersonalRecords, ...] = ()
    impersonal: tuple[Impersonal, ...] = ()


_modules: list[str] = []


def register(module: str) -> None:
    """Make known the module in which a room makes its statement, as `STATEMENT`."""
    if module not in _modules:
        _modules.append(module)


def statements() -> tuple[Statement, ...]:
    """What every room says, the lowest room first."""
    # Loaded now and not when it is registered: models are not there yet then.
    return tuple(import_module(module).STATEMENT for module in _modules)


def records() -> tuple[PersonalRecords, ...]:
    """What every room keeps of people, the lowest room first."""
    return tuple(records for statement in statements() for records in statement.records)
