"""Writes the audit log from a request: who is signed in and from where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from rollcall.audit import recording
from rollcall.audit.actions import Action


def record(
    request: HttpRequest,
    action: Action,
    *,
    target_type: str = "",
    target_id: object = "",
    target: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down a change that the person signed in has made (see `imports.audit.record`).

    Of `before` and `after`, what is the same in both is left out.
    """
    old, new = before or {}, after or {}
    differing = {key for key in {*old, *new} if old.get(key) != new.get(key)}
    recording.record(
        actor=getattr(request.user, "email", "") or "-",
        source="portal",
        address=str(request.META.get("REMOTE_ADDR", "")),
        action=action,
        target_type=target_type,
        target_id=str(target_id),
        target=target,
        before={key: value for key, value in old.items() if key in differing},
        after={key: value for key, value in new.items() if key in differing},
    )


def record_each_user(
    request: HttpRequest,
    action: Action,
    users: QuerySet[Any],
    *,
    before: Mapping[str, str],
    after: Mapping[str, Any],
) -> int:
    """Write down, before it is done, that all these users change in the same way.

    `before` names the fields to keep. One statement; how many entries (see `audit.record_each`).
    """
    return recording.record_each(
        users,
        actor=getattr(request.user, "email", "") or "-",
        source="portal",
        address=str(request.META.get("REMOTE_ADDR", "")),
        action=action,
        target_type="user",
        target="username",
        before=before,
        after=after,
    )
