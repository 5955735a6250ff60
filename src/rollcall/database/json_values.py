"""A value of JSON inside an SQL expression, as the two engines spell it."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, JSONField, Value
from django.db.models.sql.compiler import SQLCompiler

Sql: TypeAlias = "tuple[str, Any]"


class JsonValue(Func):
    """A constant as JSON; a plain parameter would become a text within the document."""

    output_field = JSONField()

    def __init__(self, value: object) -> None:
        super().__init__(Value(json.dumps(value)))

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> Sql:
        """As SQLite spells it."""
        return self.as_sql(compiler, connection, template="JSON(%(expressions)s)")

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> Sql:
        """As PostgreSQL spells it."""
        return self.as_sql(compiler, connection, template="CAST(%(expressions)s AS jsonb)")
