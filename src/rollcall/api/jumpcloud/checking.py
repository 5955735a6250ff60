"""Whether a user may become what a client asks for, with a message for each thing that is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from rollcall.api.jumpcloud.errors import ALREADY_EXISTS, Problem
from rollcall.api.jumpcloud.request_schemas import UserFields
from rollcall.api.jumpcloud.serializers import LISTS
from rollcall.api.jumpcloud.uniqueness import Known
from rollcall.core.user_fields import MAX_LENGTH, PLAIN_TEXTS
from rollcall.directory.models import User

USERNAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9._-]*\Z")
EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\Z")


def check(given: UserFields, user: User | None, known: Known) -> None:
    """Refuse what cannot be saved on this user (None: on a new one).

    Raises:
        Problem: 400 with every message about a value; 409 where only a unique value is taken.
    """
    if messages := list(_invalid(given, user, known)):
        raise Problem(400, *messages)
    if messages := list(_taken(given, user.id if user else "", known)):
        raise Problem(409, *messages)


def values(given: UserFields) -> dict[str, Any]:
    """The columns that these fields set, except the state."""
    found: dict[str, Any] = {}
    for name in given.model_fields_set & {*PLAIN_TEXTS, "alternateEmail", "username"}:
        found[name] = getattr(given, name) or ""
    for name in given.model_fields_set & set(LISTS):
        found[name] = [one.model_dump(exclude_none=True) for one in getattr(given, name) or []]
    if "email" in given.model_fields_set:
        found["email"] = (given.email or "").lower()
    if "employeeIdentifier" in given.model_fields_set:
        found["employeeIdentifier"] = given.employeeIdentifier or None
    if "manager" in given.model_fields_set:
        found["manager_id"] = given.manager
    if "recoveryEmail" in given.model_fields_set:
        found["recoveryEmail"] = given.recoveryEmail.address if given.recoveryEmail else ""
    if given.account_locked is not None:
        found["account_locked"] = given.account_locked
    if given.password:
        found["activated"] = True
    return found


def state(given: UserFields, default: str) -> str:
    """The state that these fields ask for; `default` where they ask for none."""
    if given.state is not None:
        return given.state
    if given.suspended:
        return "SUSPENDED"
    if given.suspended is False and default == "SUSPENDED":
        return "ACTIVATED"
    return default


def _invalid(given: UserFields, user: User | None, known: Known) -> Iterator[str]:
    fields = given.model_fields_set
    if user is None or "username" in fields:
        yield from _username(given.username or "")
    if user and given.username and given.username != user.username and user.id in known.bound:
        yield "username cannot be changed while the user is bound to an application"
    if (user is None or "email" in fields) and not EMAIL.match(given.email or ""):
        yield "email is required" if not given.email else "email is not an e-mail address"
    if given.manager is not None and given.manager not in known.managers:
        yield "manager is not the id of a user of this organization"
    if user and given.manager == user.id:
        yield "manager is the user itself"
    names = [one.name for one in given.attributes or ()]
    if len(names) != len(set(names)):
        yield "attributes names one attribute twice"
    yield from _state(given, user)


def _username(username: str) -> Iterator[str]:
    if not username:
        yield "username is required"
    elif not USERNAME.match(username):
        yield "username must start with a letter and have only letters, digits, '.', '_' and '-'"
    elif len(username) > MAX_LENGTH["username"]:
        yield f"username is longer than {MAX_LENGTH['username']} characters"


def _state(given: UserFields, user: User | None) -> Iterator[str]:
    if user is not None and given.state == "STAGED":
        yield "state must be ACTIVATED or SUSPENDED: a user never returns to STAGED"
    if given.state is None or given.suspended is None:
        return
    if (given.state == "SUSPENDED") != given.suspended:
        word = str(given.suspended).lower()
        yield (
            "Cannot save conflicting state and suspended fields. "
            f"(state={given.state} suspended={word})"
        )


def _taken(given: UserFields, user_id: str, known: Known) -> Iterator[str]:
    unique = (
        ("username", known.usernames.get((given.username or "").lower())),
        ("email", known.emails.get((given.email or "").lower())),
        ("employeeIdentifier", known.identifiers.get(given.employeeIdentifier or "")),
    )
    for name, holder in unique:
        if holder and holder != user_id:
            yield f"{ALREADY_EXISTS}: another user has this {name}"
