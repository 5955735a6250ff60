"""Writes the change feed, in the transaction of the change: one statement for many changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import F, Value
from django.db.models.expressions import Combinable

from rollcall.database.bulk_insert import insert, insert_selected, prepared
from rollcall.database.json_values import as_json
from rollcall.directory.models import ChangeKind, DirectoryChange, ObjectType

COLUMNS = ("at", "object_type", "object_id", "kind", "other_id", "fields")


@dataclass(frozen=True, slots=True)
class Note:
    """One change for the feed: of which object, which other one it is about, and which fields."""

    object_id: str
    other_id: str = ""
    fields: tuple[str, ...] = ()


def note(object_type: ObjectType, kind: ChangeKind, notes: Iterable[Note], now: datetime) -> None:
    """Write that this was done to all of these objects."""
    at = prepared(DirectoryChange, "at", now)
    rows = (
        (at, object_type.value, row.object_id, kind.value, row.other_id, _json(row.fields))
        for row in notes
    )
    insert(DirectoryChange, COLUMNS, rows)


def note_selected(
    object_type: ObjectType,
    kind: ChangeKind,
    rows: models.QuerySet[Any],
    now: datetime,
    *,
    object_id: Combinable | None = None,
    other_id: Combinable | None = None,
    fields: Sequence[str] = (),
) -> int:
    """Write that this is done to every row of the query, in one statement; how many there are.

    Without an expression for it the object is the row itself.
    """
    columns: dict[str, Combinable] = {
        "at": Value(now, output_field=models.DateTimeField()),
        "object_type": Value(object_type.value),
        "object_id": object_id or F("pk"),
        "kind": Value(kind.value),
        "other_id": other_id or Value(""),
        "fields": Value(list(fields), output_field=models.JSONField()),
    }
    return insert_selected(DirectoryChange, rows, columns)


_json = lru_cache(maxsize=1000)(as_json)
"""Most changes of a batch are of the same fields."""
