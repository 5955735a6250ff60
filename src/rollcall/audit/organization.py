"""The port by which the directory says whose events these are, which this room does not know."""

from __future__ import annotations

from collections.abc import Callable


def _nobodys() -> str:
    return ""


_tell: Callable[[], str] = _nobodys


def told_by(tell: Callable[[], str]) -> None:
    """Let this say the id of the organization from now on; called by its app's `ready`."""
    global _tell
    _tell = tell


def organization_id() -> str:
    """The id of the organization; "" where nobody says it."""
    return _tell()
