"""How v2 lists are filtered and sorted: `field:operator:value`, comma-separated fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.db.models import Q

from rollcall.api.jumpcloud.constants import Constant
from rollcall.api.jumpcloud.errors import bad_request
from rollcall.api.jumpcloud.query import EVERYBODY, NOBODY, Columns, compared, contains, few
from rollcall.directory.search import OF_GROUPS

OPERATORS: Final[Mapping[str, str]] = {
    "eq": "eq",
    "ne": "ne",
    "gt": "gt",
    "ge": "gte",
    "lt": "lt",
    "le": "lte",
}

BETWEEN_FILTERS: Final = re.compile(
    rf",(?=[\w.]{{1,64}}:(?:{'|'.join([*OPERATORS, 'in', 'between', 'search'])}):)"
)


def condition(filters: Iterable[str], columns: Columns) -> Q:
    """All of these filters.

    Raises:
        Problem: 400 for an unknown field or operator.
    """
    whole = Q()
    for text in separate(filters):
        whole &= _comparison(text, columns)
    return whole


def separate(filters: Iterable[str]) -> list[str]:
    """The filters one by one; the vendor's SDKs for Python and Ruby join them with commas.

    A comma within a value stays, such as that of `between`: after it comes no `field:operator:`.

    Raises:
        Problem: 400 where they are too many.
    """
    texts = (text for joined in filters for text in BETWEEN_FILTERS.split(joined))
    return few(text for text in texts if text.strip())


def words(given: Sequence[str]) -> str:
    """Names given comma-separated, repeated or both, as one blank-separated text."""
    return " ".join(" ".join(given).replace(",", " ").split())


def _comparison(text: str, columns: Columns) -> Q:
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
        # The comparison is shared with v1, which takes the values of `in` with commas.
        return compared(name, "in", value.replace("|", ","), columns)
    if operator == "between":
        low, comma, high = value.partition(",")
        if not comma:
            raise bad_request("Bad Request: between needs two values with a comma")
        return compared(name, "gte", low, columns) & compared(name, "lte", high, columns)
    if operator == "search":
        return contains(columns[name], value, OF_GROUPS)
    raise bad_request(f"Bad Request: unknown operator {operator!r}")


def _wild(column: str | Constant, value: str, *, wanted: bool) -> Q:
    """A value with `*` at its ends; elsewhere a star is a star."""
    inner = value.strip("*")
    starts, ends = value.startswith("*"), value.endswith("*")
    if isinstance(column, Constant):
        return EVERYBODY if column.is_like(value) == wanted else NOBODY
    lookup = {(True, True): "contains", (False, True): "startswith", (True, False): "endswith"}
    comparison = Q(
        (f"{column}__{lookup.get((starts, ends), 'exact')}", inner if starts or ends else value)
    )
    return comparison if wanted else ~comparison
