"""The only place that writes the directory: users, groups, applications, and what ties them.

Every verb takes the actor, writes many objects at a time in few statements, and in one transaction
also their provenance, audit events and the change feed. What comes back is each object or why it
was refused, in the order in which they were given; who loses a race is refused, too.
"""

from rollcall.directory.services.applications import (
    bind,
    create_applications,
    delete_applications,
    unbind,
    update_applications,
)
from rollcall.directory.services.deletions import delete_users
from rollcall.directory.services.groups import create_groups, delete_groups, update_groups
from rollcall.directory.services.identities import unlink_users
from rollcall.directory.services.managers import set_managers, without_looking_after_references
from rollcall.directory.services.memberships import (
    add_all,
    members_among,
    not_in,
    remove_all,
    replace_members,
    set_members,
)
from rollcall.directory.services.moves import Move, Moves, Seen, moves
from rollcall.directory.services.organization import update_organization
from rollcall.directory.services.results import (
    API,
    GONE,
    HAND,
    ApplicationChange,
    ApplicationResult,
    Difference,
    GroupChange,
    GroupResult,
    ManagerChange,
    NewApplication,
    NewGroup,
    NewUser,
    Refused,
    UserChange,
    UserResult,
)
from rollcall.directory.services.selected import set_state
from rollcall.directory.services.users import create_users, hold_users, update_users
from rollcall.directory.uniqueness import Identity

__all__ = [
    "API",
    "GONE",
    "HAND",
    "ApplicationChange",
    "ApplicationResult",
    "Difference",
    "GroupChange",
    "GroupResult",
    "Identity",
    "ManagerChange",
    "Move",
    "Moves",
    "NewApplication",
    "NewGroup",
    "NewUser",
    "Refused",
    "Seen",
    "UserChange",
    "UserResult",
    "add_all",
    "bind",
    "create_applications",
    "create_groups",
    "create_users",
    "delete_applications",
    "delete_groups",
    "delete_users",
    "hold_users",
    "members_among",
    "moves",
    "not_in",
    "remove_all",
    "replace_members",
    "set_managers",
    "set_members",
    "set_state",
    "unbind",
    "unlink_users",
    "update_applications",
    "update_groups",
    "update_organization",
    "update_users",
    "without_looking_after_references",
]
