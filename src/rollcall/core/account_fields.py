"""What an administrator says of an account elsewhere: the fields of its form and its settings."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


class FieldType(enum.Enum):
    """What is typed or given in a field of an account."""

    TEXT = "text"
    SECRET = "secret"  # noqa: S105 - a word
    ADDRESS = "address"
    CHOICE = "choice"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class AccountField:
    """One thing to know of an account before it can be used.

    `name` is its name in forms, `variable` in the environment and `rollcall.toml`; a `FILE` is the
    argument of `rollcall import` too, and its value the file's path. `label`, `help`, the words of
    `choices` and `correction` (what to write instead of a value that cannot be used) are English,
    marked for the translators. An `advanced` field is seldom changed: its `default` will do.
    """

    name: str
    variable: str
    label: str
    type: FieldType = FieldType.TEXT
    required: bool = True
    default: str = ""
    help: str = ""
    correction: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    advanced: bool = False

    @property
    def is_secret(self) -> bool:
        """Whether its value is sealed, and shown to nobody."""
        return self.type is FieldType.SECRET


def by_variable(fields: Iterable[AccountField], values: Mapping[str, str]) -> dict[str, str]:
    """The values of these fields, given by their names, by their variables."""
    return {field.variable: values[field.name] for field in fields if values.get(field.name)}


def by_name(fields: Iterable[AccountField], settings: Mapping[str, str]) -> dict[str, str]:
    """The settings of these fields, given by their variables, by their names; no empty ones."""
    return {
        field.name: settings[field.variable] for field in fields if settings.get(field.variable)
    }
