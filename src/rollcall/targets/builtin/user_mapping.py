"""From changes to rows: what a change makes of a user's record in the database, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from rollcall.core import usernames
from rollcall.core.user_fields import ATTRIBUTE_PREFIX, MAX_LENGTH, PLAIN_TEXTS
from rollcall.directory.models import User
from rollcall.provisioning import user as nouns
from rollcall.provisioning.change import Change, Value
from rollcall.provisioning.user import State

NULLABLE: Final = frozenset({"employeeIdentifier"})
WRITABLE: Final = frozenset(MAX_LENGTH) | {"state"}
MANAGER: Final = "manager"

COLUMNS: Final = (
    "id",
    "username",
    "email",
    "state",
    *PLAIN_TEXTS,
    "employeeIdentifier",
    "manager_id",
    "external_source",
    "external_id",
    "attributes",
)
"""The columns that planning compares, in the order that `to_user` takes them."""


class ValueRefused(ValueError):
    """A value that no user may have; says which field, never the value."""


SHARED: Final = ("jobTitle", "department", "company", "location", "costCenter", "employeeType")
"""Columns in which a few values are those of many users."""

_PLACES_OF_SHARED = tuple(COLUMNS.index(name) for name in SHARED)


def to_user(row: tuple[Any, ...], source: str, words: dict[str, str]) -> nouns.User:
    """The user in this row; it carries an employee only where the identity is of `source`.

    `words` keeps what many users share, so that a directory of thousands has it in memory once.
    """
    id_, username, email, state, *texts, external_source, external_id, attributes = row
    known: list[Any] = [id_, username, email, State(state), *texts]
    for place in _PLACES_OF_SHARED:
        known[place] = words.setdefault(known[place], known[place])
    known.append(external_id if external_source == source else None)
    known.append({one["name"]: one["value"] for one in attributes})
    return nouns.User(*known)


def create(change: Change, source: str, state: str, creation_source: str, now: datetime) -> User:
    """The new user that this change makes; `state` where the change does not name one.

    Raises:
        ValueRefused: the username breaks the directory's rule.
    """
    user = User(
        state=state,
        creationSource=creation_source,
        external_source=source,
        external_id=change.external_id or change.employee_id,
        created=now,
        updated=now,
    )
    _assign(user, change, source, now)
    return user


def revise(user: User, change: Change, source: str, now: datetime) -> bool:
    """Let the user have the values of this change; whether that made any difference.

    Raises:
        ValueRefused: the username breaks the directory's rule.
    """
    before = _state_of(user)
    _assign(user, change, source, now)
    if change.external_id:
        user.external_source, user.external_id = source, change.external_id
    if _state_of(user) == before:
        return False
    user.updated = now
    return True


def _assign(user: User, change: Change, source: str, now: datetime) -> None:
    stamp = [source, now.isoformat()]
    for one in change.fields:
        if one.field != MANAGER and _set(user, one.field, one.after):
            user.provenance[one.field] = stamp


def _state_of(user: User) -> tuple[Any, ...]:
    return (*(getattr(user, name) for name in COLUMNS[:-1]), list(user.attributes))


def _set(user: User, field: str, value: Value) -> bool:
    if field.startswith(ATTRIBUTE_PREFIX):
        name = field.removeprefix(ATTRIBUTE_PREFIX)
        merged = merge_attributes(user.attributes, {name: value})
        changed = bool(merged != user.attributes)
        user.attributes = merged
        return changed
    if field not in WRITABLE:
        raise ValueRefused(f"users have no field {field!r} that an import may write")
    if field == "username" and not usernames.is_valid(value or ""):
        raise ValueRefused("the username breaks the directory's rule")
    new = value or (None if field in NULLABLE else "")
    if field == "email" and new:
        new = new.lower()
    changed = bool(getattr(user, field) != new)
    setattr(user, field, new)
    return changed


def merge_attributes(
    existing: Iterable[Mapping[str, Any]], changes: Mapping[str, Value]
) -> list[dict[str, Any]]:
    """Custom attributes as the directory lists them, with these set (None or empty: removed)."""
    merged = {str(one["name"]): one["value"] for one in existing}
    for name, value in changes.items():
        if value:
            merged[name] = value
        else:
            merged.pop(name, None)
    return [{"name": name, "value": value} for name, value in merged.items()]
