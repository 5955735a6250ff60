"""Fixtures of the accounts' tests: the portal's world, passwords that are quick to hash."""

from __future__ import annotations

from tests.web.conftest import _quick_passwords, admin, world

__all__ = ["_quick_passwords", "admin", "world"]
