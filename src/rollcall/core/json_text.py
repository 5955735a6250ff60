"""JSON from outside: bounded in its values and its nesting, so that it cannot outgrow its bytes."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any, Final

MOST_VALUES: Final = 500_000
"""A value takes up to a hundred times its bytes once it is read."""
DEEPEST: Final = 64
LARGE: Final = 2 * 1024 * 1024
"""Bytes of a text that is read with no other large one beside it: reading makes copies of it."""

_one_large_text = threading.Lock()


class TooMuch(ValueError):
    """It may be JSON, and holds more values, or deeper ones, than anything that is asked for."""


class TooManyValues(TooMuch):
    """It may be JSON, and holds more values than are read."""


def loads(
    content: bytes,
    *,
    most: int = MOST_VALUES,
    deepest: int = DEEPEST,
    parse_constant: Callable[[str], Any] | None = None,
) -> Any:
    """What the text says.

    Numbers have at most 4,300 digits (Python's own limit). `parse_constant` is asked for what NaN
    and Infinity are, which are no JSON and which Python reads all the same.

    Raises:
        TooMuch: nested deeper than `deepest`; `TooManyValues` where it holds more than `most`.
        ValueError: it is not JSON. Its message may quote the text: it is not for a log.
    """
    # Every value but the first follows one of these, and none is kept twice.
    if content.count(b",") + content.count(b"[") + content.count(b"{") > most:
        raise TooManyValues("more values than are read")
    if len(content) < LARGE:
        return _loaded(content, deepest, parse_constant)
    with _one_large_text:
        return _loaded(content, deepest, parse_constant)


def _loaded(content: bytes, deepest: int, parse_constant: Callable[[str], Any] | None) -> Any:
    try:
        value = json.loads(content, parse_constant=parse_constant)
    except RecursionError:
        raise TooMuch("nested too deep") from None
    level = [value]
    for _ in range(deepest):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return value
    raise TooMuch("nested too deep")


def _children(value: object) -> list[Any]:
    if not isinstance(value, dict | list):
        return []
    values = value.values() if isinstance(value, dict) else value
    return [child for child in values if isinstance(child, dict | list)]
