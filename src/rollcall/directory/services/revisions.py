"""Lets a user in memory have new values, with their provenance, and says what that changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Final

from django.db import connection

from rollcall.core.user_fields import ATTRIBUTE_PREFIX, LISTS
from rollcall.directory.fields import SearchField, SortField
from rollcall.directory.models import SEARCHED, User
from rollcall.directory.uniqueness import Identity

IDENTITY: Final = "external_id"
"""How the feed and the audit trail call a user's external identity."""

DERIVED: Final = tuple(
    field for field in User._meta.concrete_fields if isinstance(field, SearchField | SortField)
)
"""The columns that are made of others: what is searched, and what lists are sorted by."""


@dataclass(slots=True)
class Revision:
    """A user with its new values in memory, and those that differ, before and after."""

    user: User
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    identity: Identity | None = None


def revise(
    user: User,
    values: Mapping[str, Any],
    identity: Identity | None,
    source: str,
    now: datetime,
    *,
    carried: str = "",
) -> Revision:
    """Let the user have these values, which are in their stored form.

    `carried` is the external id that the user has at the identity's source so far.
    """
    revision = Revision(user)
    stamp = [source, now.isoformat()]
    before, after, provenance = revision.before, revision.after, user.provenance
    for name, value in values.items():
        old, new = _set(user, name, value)
        if old != new:
            before[name], after[name] = old, new
            provenance[name] = stamp
    if identity is not None and identity.external_id != carried:
        revision.identity = identity
        revision.before[IDENTITY], revision.after[IDENTITY] = carried, identity.external_id
    if revision.after:
        user.updated = now
    if not after.keys().isdisjoint(SEARCHED):
        for derived in DERIVED:
            derived.renew(user)
    return revision


def fill(
    id_: str,
    values: Mapping[str, Any],
    identity: Identity | None,
    source: str,
    now: datetime,
    *,
    creation_source: str,
) -> Revision:
    """A new user with these values; what is empty is no difference, and nothing was before."""
    user = _blank(id_, creation_source, now)
    revision = revise(user, values, identity, source, now)
    # the state is a decision even where it is the one that an empty user has
    user.provenance["state"] = [source, now.isoformat()]
    revision.after["state"] = user.state
    revision.before.clear()
    return revision


def _blank(id_: str, creation_source: str, now: datetime) -> User:
    """A new user without values, read as from a row: the constructor takes four times as long."""
    own = {"id": id_, "creationSource": creation_source, "created": now, "updated": now}
    row = {**_empty(), **{name: [] for name in LISTS}, "provenance": {}, **own}
    return User.from_db(connection.alias, tuple(row), tuple(row.values()))


@cache
def _empty() -> dict[str, Any]:
    """What each column of a user holds where nothing was given."""
    user = User()
    return {field.attname: getattr(user, field.attname) for field in User._meta.concrete_fields}


def _set(user: User, name: str, value: Any) -> tuple[Any, Any]:
    """Set one field of the user in memory; what it was and what it is."""
    if name.startswith(ATTRIBUTE_PREFIX):
        attribute = name.removeprefix(ATTRIBUTE_PREFIX)
        old = next(
            (record["value"] for record in user.attributes if record["name"] == attribute), ""
        )
        user.attributes = merge_attributes(user.attributes, {attribute: value})
        return old, value or ""
    column = "manager_id" if name == "manager" else name
    old = getattr(user, column)
    setattr(user, column, value)
    return old, value


def merge_attributes(
    existing: Iterable[Mapping[str, Any]], changes: Mapping[str, str | None]
) -> list[dict[str, Any]]:
    """Custom attributes as the directory lists them, with these set (None or empty: removed)."""
    merged = {str(record["name"]): record["value"] for record in existing}
    for name, value in changes.items():
        if value:
            merged[name] = value
        else:
            merged.pop(name, None)
    return [{"name": name, "value": value} for name, value in merged.items()]
