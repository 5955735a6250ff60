"""The event of whoever takes data out of a page: what was read, in which form, and by whom."""

from __future__ import annotations

from django.http import HttpRequest

from rollcall.accounts.actors import actor_of
from rollcall.audit.actions import Action
from rollcall.audit.recording import Target, record


def note_reading(request: HttpRequest, name: str, form: str) -> None:
    """Record that the list `name` was read out as `form` (`csv`, `json`, `table`).

    Reading changes nothing, so no service records it; `name` is a list's, never a person's.
    """
    record(
        actor_of(request),
        Action.DATA_EXPORT,
        Target("list", name=name),
        details={"format": form},
    )
