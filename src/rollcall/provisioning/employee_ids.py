"""Employee ids: the order that people expect of them, and which can be kept with a user."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rollcall.core.invisible import first_in
from rollcall.core.text import clean

MAX_ID_LENGTH: Final = 64
"""How many characters of an employee's id the directory keeps."""

LONGEST_ID: Final = 128
"""How many characters an employee's id has at the most, those included that cannot be kept."""


def id_order(employee_id: str) -> str:
    """A sort key: numbers by their value, before everything else by its text."""
    if employee_id.isascii() and employee_id.isdigit():
        # The number of digits before them makes texts sort like numbers; the text itself tells 7
        # from 07.
        digits = employee_id.lstrip("0")
        return f"0{chr(len(digits))}{digits}{employee_id}"
    return f"1{employee_id}"


def is_valid_id(employee_id: str) -> bool:
    """Whether the id can be kept: not empty, not too long, nothing in it that nobody sees."""
    if not 0 < len(employee_id) <= MAX_ID_LENGTH or clean(employee_id) != employee_id:
        return False
    return first_in(employee_id, written=False) is None


def named(ids: Sequence[str], most: int = 10) -> str:
    """The first ids as one text for a sentence, and how many more there are."""
    shown = ", ".join(ids[:most])
    return shown if len(ids) <= most else f"{shown} (+{len(ids) - most})"
