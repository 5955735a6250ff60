"""Times as numbers of equal slots since 1970, so that the database can count by them."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, Func
from django.db.models.expressions import Combinable


class Slot(Func):
    """The number of the slot of so many seconds that a time lies in, counted from 1970."""

    output_field = BigIntegerField()

    def __init__(self, expression: str | Combinable, seconds: int) -> None:
        # A number and no parameter: grouping by an expression with parameters, PostgreSQL does not
        # see that the two are one.
        super().__init__(expression, seconds=int(seconds))

    def as_sqlite(
        self, compiler: Any, connection: BaseDatabaseWrapper, **more: Any
    ) -> tuple[str, Any]:
        """By the seconds that SQLite makes of the text that a time is there."""
        # Doubled twice: the template is filled in, and what comes of it takes parameters.
        template = "(CAST(strftime('%%%%s', %(expressions)s) AS INTEGER) / %(seconds)d)"
        return self.as_sql(compiler, connection, template=template, **more)

    def as_postgresql(
        self, compiler: Any, connection: BaseDatabaseWrapper, **more: Any
    ) -> tuple[str, Any]:
        """By the seconds that PostgreSQL takes out of a time."""
        template = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s) / %(seconds)d)::bigint"
        return self.as_sql(compiler, connection, template=template, **more)
