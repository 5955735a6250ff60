"""Writes the audit log from a request: who is signed in and from where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from rollcall.accounts.actors import actor_of
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.audit.recording import Target


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
    """Write down a change that the person signed in has made (see `recording.record`)."""
    about = Target(target_type, str(target_id), target)
    recording.record(actor_of(request), action, about, before=before, after=after)
