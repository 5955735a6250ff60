"""Whether a text has letters beyond ASCII, asked of the database."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Func


class HoldsMoreThanAscii(Func):
    """Whether a text holds a letter beyond ASCII: it then has more bytes than letters."""

    output_field = BooleanField()

    def as_sqlite(
        self, compiler: Any, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, Any]:
        """By the length of the text as bytes."""
        return self._compared(compiler, "(LENGTH(CAST({0} AS BLOB)) <> LENGTH({0}))")

    def as_postgresql(
        self, compiler: Any, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, Any]:
        """By the length in octets; the database is in UTF-8."""
        return self._compared(compiler, "(OCTET_LENGTH({0}) <> CHAR_LENGTH({0}))")

    def _compared(self, compiler: Any, template: str) -> tuple[str, Any]:
        # Written by hand, since the text stands in it twice, each time with its parameters.
        sql, parameters = compiler.compile(self.get_source_expressions()[0])
        return template.format(sql), (*parameters, *parameters)
