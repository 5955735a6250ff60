"""Whole rows of users in one statement: new ones inserted, those that are there written over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, Final

from django.db import connection, models

from rollcall.database import bulk_insert
from rollcall.database.json_values import as_json
from rollcall.directory.fields import LowercaseField
from rollcall.directory.models import User

KEPT: Final = frozenset({"id", "created"})
"""The columns that writing over a user leaves alone."""


def insert(users: Sequence[User]) -> None:
    """Insert these users, whose `created` and `updated` are set.

    Raises:
        IntegrityError, DataError, UnicodeError: the database refused a value.
    """
    bulk_insert.insert(User, columns(), _rows(users))


def overwrite(users: Sequence[User]) -> None:
    """Write these users over their rows, which the caller has locked in this transaction.

    Raises:
        IntegrityError, DataError, UnicodeError: the database refused a value.
    """
    quoted = [connection.ops.quote_name(name) for name in columns() if name not in KEPT]
    # An upsert of whole rows: an UPDATE with values of its own for each row would be a CASE of as
    # many branches.
    values = ", ".join(f"{name} = EXCLUDED.{name}" for name in quoted)
    bulk_insert.insert(User, columns(), _rows(users), f"ON CONFLICT (id) DO UPDATE SET {values}")


@cache
def columns() -> tuple[str, ...]:
    """The names of a user's columns, which are its attributes too."""
    return tuple(field.attname for field in User._meta.concrete_fields)


def _rows(users: Sequence[User]) -> Iterator[list[Any]]:
    values_of = attrgetter(*columns())
    fields = enumerate(User._meta.concrete_fields)
    prepared = [(place, prepare) for place, field in fields if (prepare := _preparation(field))]
    for user in users:
        row = list(values_of(user))
        for place, prepare in prepared:
            row[place] = prepare(row[place])
        yield row


def _preparation(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    """What turns this field's value into what both engines' drivers take; None: it is that."""
    if isinstance(field, models.JSONField):
        return as_json
    if isinstance(field, models.DateTimeField):
        # a batch is written at one moment
        return lru_cache(connection.ops.adapt_datetimefield_value)
    if isinstance(field, models.DateField):
        return connection.ops.adapt_datefield_value
    return str.lower if isinstance(field, LowercaseField) else None
