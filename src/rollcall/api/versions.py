"""Versions of what is shown: a client overwrites nothing that it has not seen (RFC 9110)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags

from rollcall.api.jumpcloud.errors import Problem

Row = TypeVar("Row", bound=Model)
WEAK: Final = "W/"


def version(updated: datetime, *more: str) -> str:
    """The weak entity tag of what was last changed then, and holds these texts beside."""
    # Joined by what no text of a client can hold, so that no two lists of texts give the same.
    text = "\0".join((updated.isoformat(), *more))
    # Weak, since the same version may be shown with other fields or in another order.
    return f'{WEAK}"{hashlib.sha256(text.encode()).hexdigest()[:16]}"'


def tagged(response: HttpResponse, tag: str) -> HttpResponse:
    """The response with its entity tag."""
    response["ETag"] = tag
    return response


def check(request: HttpRequest, rows: QuerySet[Row], tag_of: Callable[[Row], str]) -> None:
    """Let a write pass whose `If-Match` names the version that there is, or that names none.

    The row is held until the transaction ends, so that nobody changes it in between.

    Raises:
        Problem: 412 where somebody else has changed it.
    """
    wanted = request.headers.get("If-Match")
    if wanted is None:
        return
    row = rows.select_for_update().first()
    # Deleted meanwhile is changed, too.
    if row is None or not _names(wanted, tag_of(row)):
        raise Problem(412, "Precondition Failed: it has been changed since it was read")


def is_known(request: HttpRequest, tag: str) -> bool:
    """Whether the client says by `If-None-Match` that it has this version."""
    return _names(request.headers.get("If-None-Match", ""), tag)


def not_modified(tag: str) -> HttpResponse:
    """A 304."""
    return tagged(HttpResponse(status=304), tag)


def _names(tags: str, tag: str) -> bool:
    # Compared weakly: SCIM sends weak tags in If-Match too (RFC 7644, 3.14).
    named = {each.removeprefix(WEAK) for each in parse_etags(tags)}
    return "*" in named or tag.removeprefix(WEAK) in named


def tag_of_updated(row: Any) -> str:
    """The version of a user or a user group in the vendor's API."""
    return version(row.updated)
