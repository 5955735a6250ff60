"""Which kinds of source there are: those of the rooms beside, and what else was registered."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from rollcall.sources.base import SourceKind
from rollcall.sources.errors import SettingsError

ROOMS: Final = ("personio", "csv")
"""The rooms that each have a `KIND` in their module `kind`; the first is taken unless another is
named. A kind's key is its room's name, so that only the room in use is loaded."""

DEFAULT: Final = ROOMS[0]

_registered: dict[str, SourceKind[Any]] = {}


def register(kind: SourceKind[Any]) -> None:
    """Know this kind from now on in this process; one of the same key is replaced."""
    _registered[kind.key] = kind


def unregister(key: str) -> None:
    """Know this kind no longer; the rooms' own come back when they are asked for."""
    _registered.pop(key, None)


def known_keys() -> tuple[str, ...]:
    """The keys of all kinds, the default first."""
    return tuple(dict.fromkeys((*ROOMS, *_registered)))


def get(key: str) -> SourceKind[Any]:
    """The kind of this key.

    Raises:
        SettingsError: there is none.
    """
    if key not in _registered and key in ROOMS:
        register(import_module(f"rollcall.sources.{key}.kind").KIND)
    if key not in _registered:
        raise SettingsError(f"source `{key}` is not known; there are: {', '.join(known_keys())}")
    return _registered[key]


def kind_of(account_key: str) -> str:
    """The key of the kind that an account's key belongs to (`Account.key`)."""
    return account_key.partition(":")[0]
