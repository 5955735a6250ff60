"""How v2 lists are filtered and sorted: `field:operator:value`, comma-separated fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.db.models import Q

from rollcall.api.jumpcloud.errors import bad_request
from rollcall.api.jumpcloud.query import compared, few

OPERATORS: Final[Mapping[str, str]] = {
    "eq": "eq",
    "ne": "ne",
    "gt": "gt",
    "ge": "gte",
    "lt": "lt",
    "le": "lte",
}


def condition(filters: Iterable[str], columns: Mapping[str, str]) -> Q:
    """All of these filters.

    Raises:
        Problem: 400 for an unknown field or operator.
    """
    whole = Q()
    for text in few(filters):
        if text.strip():
            whole &= _one(text, columns)
    return whole


def words(given: Sequence[str]) -> str:
    """Names given comma-separated, repeated or both, as one blank-separated text."""
    return " ".join(" ".join(given).replace(",", " ").split())


def _one(text: str, columns: Mapping[str, str]) -> Q:
    name, _, rest = text.partition(":")
    operator, colon, value = rest.partition(":")
    if not colon:
        raise bad_request("Bad Request: a filter is written field:operator:value")
    if name not in columns:
        raise bad_request(f"Bad Request: cannot filter by {name!r}")
    if operator in OPERATORS:
        if "*" in value and operator in {"eq", "ne"}:
            return _wild(columns[name], value, wanted=operator == "eq")
        return compared(name, OPERATORS[operator], value, columns)
    if operator == "in":
        return compared(name, "in", value.replace("|", ","), columns)
    if operator == "between":
        low, comma, high = value.partition(",")
        if not comma:
            raise bad_request("Bad Request: between needs two values with a comma")
        return compared(name, "gte", low, columns) & compared(name, "lte", high, columns)
    if operator == "search":
        return Q((f"{columns[name]}__icontains", value))
    raise bad_request(f"Bad Request: unknown operator {operator!r}")


def _wild(column: str, value: str, *, wanted: bool) -> Q:
    """A value with `*` at its ends; elsewhere a star is a star."""
    inner = value.strip("*")
    starts, ends = value.startswith("*"), value.endswith("*")
    lookup = {(True, True): "contains", (False, True): "startswith", (True, False): "endswith"}
    found = Q(
        (f"{column}__{lookup.get((starts, ends), 'exact')}", inner if starts or ends else value)
    )
    return found if wanted else ~found
