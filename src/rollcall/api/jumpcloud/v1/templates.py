"""Application templates in the vendor's form, filtered and sorted in memory (JumpCloud v1)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from operator import itemgetter
from typing import Any, Final

from rollcall.api.jumpcloud.constants import Constant
from rollcall.api.jumpcloud.errors import bad_request
from rollcall.api.jumpcloud.query import comparisons, names
from rollcall.api.jumpcloud.serializers import wanted
from rollcall.api.jumpcloud.v1.single_sign_on import sso_of_template
from rollcall.directory import catalogue

COMPARED: Final = ("_id", "name", "displayName", "displayLabel", "ssoUrl", "active", "beta")
REQUIRED: Final = frozenset({"_id", "config", "name"})

Shown = Mapping[str, Any]


@cache
def every() -> tuple[Shown, ...]:
    """Every template."""
    return tuple(map(_shown, catalogue.templates()))


def matching(filters: Iterable[str], sort: str) -> list[Shown]:
    """The templates that fit all of these v1 filters, in this order.

    Raises:
        Problem: 400 for an unknown field or operator, or a value of the wrong kind.
    """
    rows = list(every())
    for name, operator, value in comparisons(filters):
        _check("filter", name)
        rows = [row for row in rows if Constant(row[name]).fits(operator, value)]
    # The last name first: Python's sorting keeps the order of what is equal.
    for word in reversed(names(sort)):
        name = word.lstrip("-+")
        _check("sort", name)
        rows.sort(key=itemgetter(name), reverse=word.startswith("-"))
    return rows


def with_fields(template: Shown, fields: str) -> Shown:
    """The template with the named fields, or all."""
    kept = wanted(fields) & template.keys()
    if not kept:
        return template
    return {name: value for name, value in template.items() if name in kept | REQUIRED}


def _check(verb: str, name: str) -> None:
    if name not in COMPARED:
        raise bad_request(f"Bad Request: cannot {verb} by {name!r}")


def _shown(template: catalogue.Template) -> Shown:
    return {
        "_id": _id(template.name),
        "name": template.name,
        "displayName": template.displayName,
        "displayLabel": template.displayName,
        "active": True,
        "beta": False,
        "color": template.color,
        "config": {},
        "isConfigured": False,
        "keywords": [template.kind],
        "sso": sso_of_template(template.sso),
        "ssoUrl": template.ssoUrl,
    }


def _id(name: str) -> str:
    # Templates are not in the database: an id of the vendor's form that is the same everywhere.
    return hashlib.sha256(name.encode()).hexdigest()[:24]
