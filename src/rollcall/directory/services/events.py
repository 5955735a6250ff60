"""The audit events of users: which action a change is, and an entry for each user."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Entry, Target, record_many
from rollcall.directory.models import Application, ObjectType, User, UserGroup
from rollcall.directory.services.revisions import Revision
from rollcall.provisioning.user import State


def user_target(user: User) -> Target:
    """What an event about this user is about."""
    return Target(ObjectType.USER.value, user.id, user.username)


def group_target(group: UserGroup) -> Target:
    """What an event about this user group is about."""
    return Target(ObjectType.USER_GROUP.value, group.id, group.name)


def application_target(application: Application) -> Target:
    """What an event about this application is about."""
    return Target(ObjectType.APPLICATION.value, application.id, application.displayLabel)


def record_created(actor: Actor, revisions: Iterable[Revision]) -> None:
    """An event for each of these new users, with what they have."""
    entries = [_entry(revision) for revision in revisions]
    record_many(actor, Action.USER_CREATE, entries)


def record_updated(actor: Actor, revisions: Iterable[Revision]) -> None:
    """An event for each of these users, with what differs; a lone change of state has its own."""
    entries: defaultdict[Action, list[Entry]] = defaultdict(list)
    for revision in revisions:
        entries[action_of(revision.before, revision.after)].append(_entry(revision))
    for action, some in entries.items():
        record_many(actor, action, some)


def action_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> Action:
    """What the audit trail calls a change of these fields of a user."""
    match after:
        case {"state": State.SUSPENDED, **others} if not others:
            return Action.USER_SUSPEND
        case {"state": State.ACTIVATED, **others} if not others:
            # Directory Insights tells apart who comes for the first time and who comes back.
            staged = before["state"] == State.STAGED
            return Action.USER_ACTIVATE if staged else Action.USER_REACTIVATE
        case {"account_locked": True, **others} if not others:
            return Action.USER_LOCK
        case {"account_locked": False, **others} if not others:
            return Action.USER_UNLOCK
        case {"password_expired": True, **others} if not others:
            return Action.USER_EXPIRE
    return Action.USER_UPDATE


def _entry(revision: Revision) -> Entry:
    return Entry(user_target(revision.user), revision.before, revision.after)
