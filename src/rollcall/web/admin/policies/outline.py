"""Conditions as a form shows them: rows in groups, which most policies are no deeper than.

A tree that goes deeper, or has a part without any condition, is edited as JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

OPPOSITES: Final = {"ipAddressNotIn": "ipAddressIn", "locationNotIn": "locationIn"}
"""The vendor's leaves that are another one's opposite."""

NEGATIVE: Final = {leaf: opposite for opposite, leaf in OPPOSITES.items()}

KINDS: Final = (
    "ipAddressIn",
    "locationIn",
    "mfaConfigured",
    "time",
    "deviceManaged",
    "deviceEncrypted",
    "operatingSystem",
    "osVersion",
    "expression",
)
"""What a row can ask, as the vendor's JSON or ours names it, in the order of the menu."""

ALL, ANY, NONE = "all", "any", "none"


@dataclass(frozen=True, slots=True)
class Row:
    """One condition; `negated` asks for its opposite."""

    kind: str
    value: Any
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of which all, any or none must hold."""

    rows: tuple[Row, ...]
    join: str = ALL


@dataclass(frozen=True, slots=True)
class Outline:
    """Groups of which all or any must hold; without any, it always holds."""

    groups: tuple[Group, ...]
    join: str = ALL


def read(conditions: object) -> Outline | None:
    """The outline of conditions in the vendor's JSON; None where they are no such thing."""
    if not isinstance(conditions, dict):
        return None
    if not conditions:
        return Outline(())
    if (whole := _group(conditions)) is not None:
        return Outline((whole,))
    join, parts = _taken_apart(conditions)
    groups = [group for part in parts if (group := _group(part)) is not None]
    return Outline(tuple(groups), join) if groups and len(groups) == len(parts) else None


def write(outline: Outline) -> dict[str, Any]:
    """The outline in the vendor's JSON; a group without rows is left out."""
    groups = [_written(group) for group in outline.groups if group.rows]
    if not groups:
        return {}
    return groups[0] if len(groups) == 1 else {outline.join: groups}


def _taken_apart(given: Mapping[str, Any]) -> tuple[str, Sequence[object]]:
    """How the parts of an object are joined, and the parts; several in one must all hold."""
    if len(given) == 1:
        [(key, value)] = given.items()
        if key in (ALL, ANY) and isinstance(value, list):
            return key, value
    return ALL, [{key: value} for key, value in given.items()]


def _group(given: object) -> Group | None:
    if not isinstance(given, dict) or not given:
        return None
    if set(given) == {"not"} and isinstance(given["not"], dict) and set(given["not"]) == {ANY}:
        rows = _rows(given["not"][ANY])
        return Group(rows, NONE) if rows else None
    join, parts = _taken_apart(given)
    rows = _rows(parts)
    return Group(rows, join) if rows else None


def _rows(parts: object) -> tuple[Row, ...] | None:
    """The parts as rows; None where one of them is none, or there are none at all."""
    if not isinstance(parts, Iterable):
        return None
    rows = [_row(part) for part in parts]
    known = tuple(row for row in rows if row is not None)
    return known if known and len(known) == len(rows) else None


def _row(given: object) -> Row | None:
    if not isinstance(given, dict) or len(given) != 1:
        return None
    [(key, value)] = given.items()
    if key == "not":
        inner = _row(value)
        return None if inner is None else replace(inner, negated=not inner.negated)
    if key in OPPOSITES:
        return Row(OPPOSITES[key], value, negated=True)
    return Row(key, value) if key in KINDS else None


def _written(group: Group) -> dict[str, Any]:
    rows = [_leaf(row) for row in group.rows]
    if group.join == NONE:
        return {"not": {ANY: rows}}
    return rows[0] if len(rows) == 1 else {group.join: rows}


def _leaf(row: Row) -> dict[str, Any]:
    if not row.negated:
        return {row.kind: row.value}
    if row.kind in NEGATIVE:
        return {NEGATIVE[row.kind]: row.value}
    return {"not": {row.kind: row.value}}
