"""Fixtures of the portal's tests: the world, a signed-in client, the browser."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.web.browser import _playwright, browser, context, portal_server
from tests.web.world import World, build, just_proved

__all__ = ["_playwright", "browser", "context", "portal_server"]


@pytest.fixture(autouse=True)
def _quick_passwords(settings: pytest.FixtureRequest) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]  # pytest-django's fixture has any attribute


@pytest.fixture
def world(db: None) -> World:
    """The ordinary world (see `world.py`)."""
    return build()


@pytest.fixture
def admin(client: Client, world: World) -> Client:
    """A test client signed in as an administrator."""
    client.force_login(world.people["administrator"], backend=_backend())
    just_proved(client, world.people["administrator"])
    return client


def _backend() -> str:
    return "rollcall.accounts.backend.AccountBackend"
