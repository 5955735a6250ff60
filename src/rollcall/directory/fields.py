"""Field types of the built-in directory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

from rollcall.core import searching
from rollcall.core.text import fold

# Only the type checker knows Django's fields with arguments.
if TYPE_CHECKING:
    TextField = models.CharField[str, str]
else:
    TextField = models.CharField


class LowercaseField(TextField):
    """Text that is stored and looked up in lower case, as the directory does with e-mails."""

    def to_python(self, value: Any) -> Any:
        """The value as text in lower case."""
        text = super().to_python(value)
        return text.lower() if isinstance(text, str) else text

    def get_prep_value(self, value: Any) -> Any:
        """The value as it goes to the database."""
        # What is looked for comes this way, too, and is compared in lower case.
        text = super().get_prep_value(value)
        return text.lower() if isinstance(text, str) else text

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Let the object in memory carry what is stored."""
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


class FoldedField(TextField):
    """What another text field of the row is compared by, written along with it."""

    def __init__(self, *args: Any, of: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.of = of

    def deconstruct(self) -> Any:
        """What a migration writes down of this field."""
        name, path, args, more = super().deconstruct()
        return name, path, args, {**more, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The folded text of the other field, as it is about to be stored."""
        folded = fold(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, folded)
        return folded


if TYPE_CHECKING:
    LongText = models.TextField[str, str]
else:
    LongText = models.TextField


_OF_NOBODYS_HAND = {"editable": False, "blank": True, "default": ""}


class SearchField(LongText):
    """What is searched of a row: the texts of these fields in the form of `core.searching`.

    It has no limit of its own, since a letter may stand for several once it is folded.
    """

    def __init__(self, *args: Any, of: Sequence[str], **more: Any) -> None:
        super().__init__(*args, **{**more, **_OF_NOBODYS_HAND})
        self.of = tuple(of)

    def deconstruct(self) -> Any:
        """What a migration writes down of this field."""
        name, path, args, more = super().deconstruct()
        more = {key: value for key, value in more.items() if key not in _OF_NOBODYS_HAND}
        return name, path, args, {**more, "of": self.of}

    def renew(self, row: models.Model) -> None:
        """Have the row in memory say what is searched of it."""
        setattr(row, self.attname, searching.joined(getattr(row, name) for name in self.of))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """What is searched of the row as it is about to be stored."""
        self.renew(model_instance)
        return getattr(model_instance, self.attname)


class SortField(TextField):
    """What a list is sorted by: the beginning of another text of the row, as people sort names.

    That is in the form of `core.searching`, so that Ö stands with O and no capital before a small
    letter, on both engines; and short enough for an index.
    """

    def __init__(self, *args: Any, of: str, **more: Any) -> None:
        super().__init__(*args, **{**more, **_OF_NOBODYS_HAND, "max_length": SORTED_BY})
        self.of = of

    def deconstruct(self) -> Any:
        """What a migration writes down of this field."""
        name, path, args, more = super().deconstruct()
        more = {key: value for key, value in more.items() if key not in _OF_NOBODYS_HAND}
        del more["max_length"]
        return name, path, args, {**more, "of": self.of}

    def renew(self, row: models.Model) -> None:
        """Have the row in memory say what it is sorted by."""
        setattr(row, self.attname, sort_key(getattr(row, self.of)))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """What the row is sorted by as it is about to be stored."""
        self.renew(model_instance)
        return getattr(model_instance, self.attname)


SORTED_BY: Final = 64
"""Characters: who has as many in common stands in any order."""


def sort_key(text: str) -> str:
    """What a list is sorted by where this is the text."""
    return searching.searchable(text)[:SORTED_BY]


class CurrentTransaction(models.Func):
    """The number of the writing transaction, as a column's default.

    PostgreSQL's grow in the order in which transactions start to write. SQLite has one writer at
    a time, and needs none.
    """

    arity = 0
    template = "0"
    output_field = models.BigIntegerField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, Any]:
        """The id of 64 bits, which never starts again (PostgreSQL, xid8)."""
        number = "CAST(CAST(pg_current_xact_id() AS text) AS bigint)"
        return self.as_sql(compiler, connection, template=number)
