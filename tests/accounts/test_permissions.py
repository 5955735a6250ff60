"""What each role may do, asked in one place."""

from __future__ import annotations

import pytest

from rollcall.accounts.models import Role
from rollcall.accounts.permissions import GRANTED, Permission, allows

ALLOWED = {
    Role.COMMAND_RUNNER: {"USE_ACCOUNT", "OPEN_PORTAL"},
    Role.READ_ONLY: {"USE_ACCOUNT", "OPEN_PORTAL", "READ_DIRECTORY", "READ_EVENTS"},
    Role.HELP_DESK: {
        "USE_ACCOUNT",
        "OPEN_PORTAL",
        "READ_DIRECTORY",
        "READ_EVENTS",
        "HELP_USERS",
    },
    Role.MANAGER: {
        "USE_ACCOUNT",
        "OPEN_PORTAL",
        "READ_DIRECTORY",
        "READ_EVENTS",
        "HELP_USERS",
        "WRITE_USERS",
        "START_IMPORTS",
    },
    Role.ADMINISTRATOR: {permission.name for permission in Permission},
}


@pytest.mark.parametrize("role", list(Role))
def test_a_role_has_its_permissions_and_no_others(role: Role) -> None:
    allowed = {permission.name for permission in Permission if allows([role], permission)}
    assert allowed == ALLOWED[role]


def test_every_role_is_in_the_table() -> None:
    assert set(GRANTED) == set(Role)


@pytest.mark.parametrize("permission", list(Permission))
def test_without_a_role_only_ones_own_is_allowed(permission: Permission) -> None:
    assert allows((), permission) == (permission is Permission.USE_ACCOUNT)


@pytest.mark.parametrize("permission", list(Permission))
def test_several_roles_allow_what_one_of_them_allows(permission: Permission) -> None:
    roles = (Role.READ_ONLY, Role.MANAGER)
    assert allows(roles, permission) == any(allows([role], permission) for role in roles)
