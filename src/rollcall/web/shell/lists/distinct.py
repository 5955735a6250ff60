"""The different values of an indexed column, found in steps over the index, not over all rows."""

from __future__ import annotations

from typing import Final

from django.db import connection, models

MOST: Final = 300
"""More values than this are no choice for a drop-down."""


def values(model: type[models.Model], field: str, most: int = MOST) -> list[str]:
    """The first values of this text column in its order, the empty one left out.

    An index must begin with the column. The cost is in the number of values, whatever the number
    of rows: each step asks the index for the next greater value.
    """
    quote = connection.ops.quote_name
    columns = {concrete.name: str(concrete.column) for concrete in model._meta.concrete_fields}
    table, column = quote(model._meta.db_table), quote(columns[field])
    statement = (
        # SELECT DISTINCT would walk over every row of the index, however few values there are.
        f"WITH RECURSIVE found (value) AS (SELECT MIN({column}) FROM {table} WHERE {column} > '' "  # noqa: S608
        f"UNION ALL SELECT (SELECT MIN({column}) FROM {table} WHERE {column} > found.value) "
        "FROM found WHERE found.value IS NOT NULL) "
        "SELECT value FROM found WHERE value IS NOT NULL LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [most])
        return [row[0] for row in cursor.fetchall()]
