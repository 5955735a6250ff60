"""Why the database refused a user: who has the e-mail, username, identifier or employee already."""

from __future__ import annotations

import itertools

from django.db import IntegrityError
from django.db.models import Q

from rollcall.core.user_fields import MAX_LENGTH
from rollcall.directory.models import User
from rollcall.provisioning.change import Result
from rollcall.provisioning.reason import Reason
from rollcall.targets.builtin.user_mapping import ValueRefused

TOO_LARGE_FOR_AN_INDEX = "54000"
"""PostgreSQL's SQLSTATE for an index row that is too large."""


def concerns_a_value(error: Exception) -> bool:
    """Whether the database refused what was to be written, and not the work as a whole."""
    if isinstance(error, IntegrityError | ValueRefused | UnicodeError):
        return True
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return state == TOO_LARGE_FOR_AN_INDEX or state.startswith("22")


def explain(user: User) -> tuple[Result, Reason]:
    """The outcome of a user that could not be written, from what the directory holds now."""
    identifier = user.employeeIdentifier
    asked = Q(email=user.email) | Q(username__lower=user.username.lower())
    if identifier:
        asked |= Q(employeeIdentifier=identifier)
    if user.external_id:
        asked |= Q(external_source=user.external_source, external_id=user.external_id)
    others = list(User.objects.filter(asked).exclude(id=user.id).order_by("id"))
    for other in others:
        if user.external_id and other.external_id == user.external_id:
            return _conflict("employee_taken", other)
    for other in others:
        if other.email == user.email.lower():
            return _conflict("email_taken", other, email=user.email)
    for other in others:
        if identifier and other.employeeIdentifier == identifier:
            return _conflict("identifier_taken", other, identifier=identifier)
    for other in others:
        return _conflict("username_taken", other, username=user.username)
    return Result.FAILED, Reason("value_refused")


def _conflict(code: str, other: User, **values: str) -> tuple[Result, Reason]:
    return Result.CONFLICT, Reason(code, {"with_whom": other.id, **values})


def next_free_username(username: str) -> str:
    """The username with the lowest number from 2 on that nobody has, kept to the limit."""
    limit = MAX_LENGTH["username"]
    stem = username[: limit - 6].lower()
    taken = set(
        User.objects.filter(username__lower__startswith=stem).values_list(
            "username__lower", flat=True
        )
    )
    numbers = itertools.count(2)
    candidates = (f"{username[: limit - len(str(n))]}{n}" for n in numbers)
    return next(name for name in candidates if name.lower() not in taken)
