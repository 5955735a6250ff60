"""Writes the audit log from a request: who is signed in and from where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from rollcall.imports import audit


def record(
    request: HttpRequest,
    action: str,
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
    audit.record(
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
