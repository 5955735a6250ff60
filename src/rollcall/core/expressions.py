"""Expressions that an administrator writes, in Google's Common Expression Language (CEL).

An expression has no way out of the values that it is given: it reaches no attribute of Python, no
file and no clock, and its loops share one budget.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

LONGEST: Final = 2000
"""How many characters an expression may have."""


class Type(enum.Enum):
    """The types that a variable can have."""

    TEXT = enum.auto()
    FLAG = enum.auto()
    TIME = enum.auto()
    TEXTS = enum.auto()


class ExpressionMalformed(ValueError):
    """It cannot be compiled, or says neither yes nor no; the text tells where and why."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression; its text is what tells two apart."""

    text: str
    _compiled: Any = field(compare=False, repr=False)

    def evaluate(self, values: Mapping[str, Any]) -> bool | None:
        """What it says of these values; None where one that it needs is not among them.

        None too where it fails or its budget is used up: CEL carries an error through `&&` and
        `||` unless the other side decides alone, which is what "unknown" means here.
        """
        try:
            answer = self._compiled.eval(data=values).value()
        except (RuntimeError, ValueError):
            return None
        return answer if isinstance(answer, bool) else None


class Language:
    """Expressions over these variables, by name and type."""

    def __init__(self, variables: Mapping[str, Type]) -> None:
        # Only here: a command that evaluates nothing does not wait for the library.
        from cel_expr_python import cel

        types = {
            Type.TEXT: cel.Type.STRING,
            Type.FLAG: cel.Type.BOOL,
            Type.TIME: cel.Type.TIMESTAMP,
            Type.TEXTS: cel.Type.List(cel.Type.STRING),
        }
        self._flag = cel.Type.BOOL
        self._environment = cel.NewEnv(
            variables={name: types[type_] for name, type_ in variables.items()}
        )

    def compile(self, text: str) -> Expression:
        """The expression, checked.

        Raises:
            ExpressionMalformed: too long, not in the language, of an unknown name or a wrong type,
                or its answer is neither true nor false.
        """
        if len(text) > LONGEST:
            raise ExpressionMalformed(f"at most {LONGEST} characters, not {len(text)}")
        try:
            compiled = self._environment.compile(text)
        except (RuntimeError, ValueError) as error:
            raise ExpressionMalformed(_first_line(error)) from None
        if compiled.return_type() != self._flag:
            raise ExpressionMalformed("it must say true or false")
        return Expression(text, compiled)


def _first_line(error: Exception) -> str:
    """Line and column, and what is wrong there, without the library's own words around."""
    return str(error).partition("\n")[0].rpartition("ERROR: <input>:")[2][:300]
