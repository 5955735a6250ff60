"""Regular expressions of clients, by an engine whose time grows with the text and not beyond it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

LONGEST: Final = 200
MEMORY: Final = 256 * 1024
"""Bytes that a compiled pattern may take, repetitions written out."""

LOOK_AROUNDS: Final = ("(?=", "(?!", "(?<=", "(?<!", "(?<")


class PatternRefused(ValueError):
    """The pattern is none, or needs more than a linear-time engine; the message says which."""


class Pattern:
    """A pattern that a text either holds or does not."""

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled

    def is_in(self, text: str) -> bool:
        """Whether some part of the text fits."""
        return self._compiled.search(text) is not None


@lru_cache(maxsize=64)
def compiled(pattern: str) -> Pattern:
    """The pattern, in RE2's syntax (https://github.com/google/re2/wiki/Syntax).

    Raises:
        PatternRefused: it is too long, is none, or holds a look-around or a back-reference.
    """
    import re2  # only where somebody sends a pattern

    if len(pattern) > LONGEST:
        raise PatternRefused(f"the pattern is longer than {LONGEST} characters")
    options = re2.Options()
    options.log_errors = False  # a client's pattern may hold a person's name
    options.max_mem = MEMORY
    try:
        return Pattern(re2.compile(pattern, options))
    except (re2.error, UnicodeEncodeError) as error:
        raise PatternRefused(_reason(pattern, str(error))) from None


def _reason(pattern: str, complaint: str) -> str:
    if "perl operator" in complaint and any(start in pattern for start in LOOK_AROUNDS):
        return "look-arounds, such as (?= and (?!, are not supported"
    if "escape sequence" in complaint and any(f"\\{digit}" in pattern for digit in range(1, 10)):
        return "back-references, such as \\1, are not supported"
    if "repetition" in complaint or "too large" in complaint:
        return "the pattern repeats too much"
    return "the value is not a regular expression"
