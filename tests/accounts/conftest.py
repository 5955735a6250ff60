"""Fixtures of the accounts' tests: the portal's world, passwords that are quick to hash."""

from __future__ import annotations

from tests.web.conftest import _no_rate_limit_from_the_test_before, _quick_passwords, admin, world

__all__ = ["_no_rate_limit_from_the_test_before", "_quick_passwords", "admin", "world"]
