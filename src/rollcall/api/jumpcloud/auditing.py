"""One event for one request of the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from rollcall.api.auth import actor_of
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.audit.recording import Target
from rollcall.directory.models import Application, User, UserGroup

KINDS = {User: "user", UserGroup: "user_group", Application: "application"}


def differing(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both sides without what is the same in both."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return (
        {name: before[name] for name in names if name in before},
        {name: after[name] for name in names if name in after},
    )


def note(
    request: HttpRequest,
    action: Action,
    target: User | UserGroup | Application,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down that the caller of this request did this to that."""
    about = Target(KINDS[type(target)], target.id, str(target))
    recording.record(actor_of(request), action, about, before=before, after=after)
