"""Many rows in one statement: what the ORM does too, in several times the time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.expressions import Combinable

T = TypeVar("T")

ROWS_AT_ONCE = 2000
MOST_VALUES = 65_000
"""How many values one statement takes where the database does not say; PostgreSQL takes 65,535."""


def insert(
    model: type[models.Model],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    conflict: str = "",
) -> None:
    """Insert these rows; all other columns get the model's or the database's defaults.

    The values are in the order of `names` and as the database's driver takes them. `conflict` is
    what to do with a row that is there already, in SQL.

    Raises:
        IntegrityError, DataError, UnicodeError: the database refused a value.
    """
    given = [model._meta.get_field(name) for name in names]
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    others = [field for field in fields if field not in given and not field.has_db_default()]
    # Once for all rows: a default that differs from row to row has to be among the names.
    rest = tuple(field.get_db_prep_save(field.get_default(), connection) for field in others)
    columns = [connection.ops.quote_name(str(field.column)) for field in (*given, *others)]  # type: ignore[union-attr]  # all are columns
    place = f"({', '.join(['%s'] * len(columns))})"
    size = (connection.features.max_query_params or MOST_VALUES) // len(columns)
    begin = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES "  # noqa: S608 - the model's own names
    for some in in_parts(rows, min(size, ROWS_AT_ONCE)):
        values: list[Any] = []
        for row in some:
            values += row
            values += rest
        with connection.cursor() as cursor:
            cursor.execute(f"{begin}{', '.join([place] * len(some))} {conflict}", values)


def in_parts(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """The rows in their order, `size` of them at a time."""
    left = iter(rows)
    while some := list(islice(left, size)):
        yield some


def prepared(model: type[models.Model], name: str, value: object) -> Any:
    """The value of this column as the database's driver takes it."""
    return model._meta.get_field(name).get_db_prep_save(value, connection)  # type: ignore[union-attr]  # a column


def insert_selected(
    model: type[models.Model], rows: models.QuerySet[Any], columns: Mapping[str, Combinable]
) -> int:
    """Insert one row of the model for each row of the query; what was there already stays.

    `columns` maps a column of the model to an expression over the query. How many were inserted.
    """
    sql, parameters = rows.order_by().values_list(*columns.values()).query.sql_with_params()
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    statement = (
        f"INSERT INTO {model._meta.db_table} ({names}) "  # noqa: S608
        # "WHERE true", since SQLite's parser would take ON for a join's (SQLite, "Parsing
        # Ambiguity").
        f"SELECT * FROM ({sql}) AS chosen WHERE true ON CONFLICT DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
