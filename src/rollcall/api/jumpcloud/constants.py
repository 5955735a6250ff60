"""Fields that are the same for every row, or rows that no database holds: compared in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rollcall.api.jumpcloud.errors import bad_request
from rollcall.core.patterns import PatternRefused, compiled

FLAGS: Final = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Constant:
    """A field's value where it is no column of the database."""

    value: bool | str | None

    def fits(self, operator: str, operand: object) -> bool:
        """Whether a comparison by this v1 operator, without its `$`, is true of the value.

        Raises:
            Problem: 400 for an unknown operator, or an operand of the wrong kind.
        """
        if operator in {"eq", "ne"}:
            return self._equals(operand) == (operator == "eq")
        if operator in {"in", "nin"}:
            # A list in a search's body, a text with commas in an address.
            operands = operand if isinstance(operand, list) else str(operand).split(",")
            return any(self._equals(each) for each in operands) == (operator == "in")
        if operator == "exists":
            return (self.value not in {None, ""}) == flag(operand)
        if operator == "regex":
            return pattern_is_in(str(operand), self._text())
        if operator in {"gt", "gte", "lt", "lte"}:
            return self._ordered(operator, str(operand))
        raise bad_request(f"Bad Request: unknown operator ${operator}")

    def holds(self, text: str) -> bool:
        """Whether the text is part of the value, in whatever case."""
        return text.casefold() in self._text().casefold()

    def is_like(self, text: str) -> bool:
        """Whether the value is this text, of which stars at the ends stand for any other."""
        value, inner = self._text(), text.strip("*")
        if text.startswith("*"):
            return inner in value if text.endswith("*") else value.endswith(inner)
        return value.startswith(inner) if text.endswith("*") else value == text

    def _equals(self, operand: object) -> bool:
        if operand is None:
            return self.value is None
        if isinstance(self.value, bool):
            return self.value == flag(operand)
        return (self.value or "") == str(operand).strip()

    def _ordered(self, operator: str, operand: str) -> bool:
        # What has no value is neither before nor after anything, as in the database.
        if not isinstance(self.value, str):
            return False
        if self.value == operand:
            return operator in {"gte", "lte"}
        return (self.value > operand) == operator.startswith("g")

    def _text(self) -> str:
        return self.value if isinstance(self.value, str) else ""


def pattern_is_in(pattern: str, text: str) -> bool:
    """Whether a part of the text fits a client's pattern.

    Raises:
        Problem: 400 where the pattern is refused.
    """
    try:
        return compiled(pattern).is_in(text)
    except PatternRefused as refusal:
        raise bad_request(f"Bad Request: {refusal}") from None


def flag(value: object) -> bool:
    """The truth value that a client wrote.

    Raises:
        Problem: 400 where it is none.
    """
    truth = value if isinstance(value, bool) else FLAGS.get(str(value).lower())
    if truth is None:
        raise bad_request("Bad Request: the value is not true or false")
    return truth
