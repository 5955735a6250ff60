"""Where `rollcall` writes: tables and progress for people, plain JSON for machines."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

UNBROKEN = 10_000
"""Width of a table that is piped away: nobody's value is cut because no terminal is there."""


def output() -> Console:
    """Standard output: colours and the terminal's width, or neither when it is piped."""
    from rich.console import Console

    if sys.stdout.isatty():
        return Console()
    return Console(width=UNBROKEN, color_system=None, highlight=False)


def errors() -> Console:
    """Standard error, where progress and complaints go."""
    from rich.console import Console

    # Apart from the answer, so that a pipe gets data alone.
    return Console(stderr=True)


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(as_json(value, indent=2, default=str) + "\n")


def print_json_line(value: Any) -> None:
    """One JSON object on one line of standard output."""
    sys.stdout.write(as_json(value) + "\n")


def as_json(value: Any, **how: Any) -> str:
    """The value as JSON; where the output takes no Unicode, other letters are escaped."""
    takes_unicode = (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    return json.dumps(value, ensure_ascii=not takes_unicode, **how)
