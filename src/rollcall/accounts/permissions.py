"""Who may do what: the one place where a role becomes permissions, for pages and API alike."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from typing import Final

from rollcall.accounts.models import Role


class Permission(enum.Enum):
    """One thing that somebody may do as an administrator, or a program with an API key."""

    USE_ACCOUNT = enum.auto()
    """One's own user portal, password, factors and sessions: whoever signs in, without any role."""
    OPEN_PORTAL = enum.auto()
    """Home and one's own profile in the admin portal: whoever has any role."""
    READ_DIRECTORY = enum.auto()
    """Look at users, user groups, applications and imports."""
    HELP_USERS = enum.auto()
    """Let users in again: unlock them, send the activation e-mail again, reset their factors."""
    WRITE_USERS = enum.auto()
    """Write users and user groups, and bind groups to applications."""
    START_IMPORTS = enum.auto()
    """Start, review, approve and cancel imports."""
    MANAGE_APPLICATIONS = enum.auto()
    """Add, configure and delete applications, with their credentials and schedules."""
    MANAGE_SETTINGS = enum.auto()
    """Change what holds for the whole installation."""
    MANAGE_ADMINISTRATORS = enum.auto()
    """Invite, change and deactivate who may sign in as an administrator."""
    MANAGE_KEYS = enum.auto()
    """Make and revoke keys of the API."""
    MANAGE_PERSONAL_DATA = enum.auto()
    """Find, hand out and erase everything that is kept of a person."""
    READ_EVENTS = enum.auto()
    """Read events, of people and of administrators."""


EVERYBODYS: Final = frozenset({Permission.USE_ACCOUNT})
"""What takes no role, but an account that has access."""

_OPENS: Final = frozenset({Permission.OPEN_PORTAL})
_READ_ONLY: Final = _OPENS | {Permission.READ_DIRECTORY, Permission.READ_EVENTS}
_HELP_DESK: Final = _READ_ONLY | {Permission.HELP_USERS}
_MANAGER: Final = _HELP_DESK | {Permission.WRITE_USERS, Permission.START_IMPORTS}

GRANTED: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.READ_ONLY: _READ_ONLY,
    # Whoever runs commands need not see people; there are no devices to run them on yet.
    Role.COMMAND_RUNNER: _OPENS,
    Role.HELP_DESK: _HELP_DESK,
    Role.MANAGER: _MANAGER,
    Role.ADMINISTRATOR: frozenset(Permission),
}
"""What each role may do. Sets and no ranks: roles to come stand beside each other on no ladder."""


def allows(roles: Iterable[Role], permission: Permission) -> bool:
    """Whether one of these roles may do it; without a role, only what is everybody's is allowed."""
    return permission in EVERYBODYS or any(permission in GRANTED[role] for role in roles)
