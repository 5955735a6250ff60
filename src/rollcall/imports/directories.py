"""Which directory a run writes to, by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rollcall.directory.port import Directory
from rollcall.imports.errors import Unfit

BUILTIN = "builtin"
JUMPCLOUD = "jumpcloud"


def _builtin() -> Directory:
    from rollcall.directory.builtin.directory import BuiltinDirectory

    return BuiltinDirectory()


_OPENERS: Mapping[str, Callable[[], Directory]] = {BUILTIN: _builtin}

NAMES = tuple(_OPENERS)
"""The names that `--directory` takes."""


def open_directory(name: str) -> Directory:
    """The directory of this name, ready to be asked.

    Raises:
        Unfit: there is no directory of this name.
    """
    if name not in _OPENERS:
        raise Unfit(f"directory `{name}` is not known; there are: {', '.join(NAMES)}")
    return _OPENERS[name]()
