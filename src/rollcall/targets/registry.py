"""Which kinds of target there are: those of the rooms beside, and what else was registered."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from rollcall.targets.base import TargetKind

ROOMS: Final = ("builtin", "jumpcloud")
"""The rooms that each have a `KIND` in their module `kind`; the first is taken unless another is
chosen. A kind's key is its room's name, so that only the room in use is loaded."""

DEFAULT: Final = ROOMS[0]

_registered: dict[str, TargetKind[Any]] = {}


def register(kind: TargetKind[Any]) -> None:
    """Know this kind from now on in this process; one of the same key is replaced."""
    _registered[kind.key] = kind


def unregister(key: str) -> None:
    """Know this kind no longer; the rooms' own come back when they are asked for."""
    _registered.pop(key, None)


def known_keys() -> tuple[str, ...]:
    """The keys of all kinds, the default first."""
    return tuple(dict.fromkeys((*ROOMS, *_registered)))


def get(key: str) -> TargetKind[Any]:
    """The kind of this key.

    Raises:
        KeyError: there is none.
    """
    if key not in _registered and key in ROOMS:
        register(import_module(f"rollcall.targets.{key}.kind").KIND)
    return _registered[key]
