"""Writes refusals down, in such a way that whoever asks again and again fills no log."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Final

from django.db import OperationalError, transaction
from django.utils import timezone

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.models import Event
from rollcall.audit.recording import Target, record

WINDOW: Final = timedelta(minutes=1)
"""How long a refusal that repeats itself is the same one."""

MOST: Final = 60
"""How many different refusals of one kind are written within the window."""


def record_refusal(
    actor: Actor, action: Action, target: Target | None = None, *, reason: str
) -> None:
    """Write down that something was refused; the same again within a minute is not written twice.

    A stranger can be refused as often as they like: what they cost stays one look at an index. An
    answer never fails, and never waits, because the refusal could not be written.
    """
    target = target or Target("")
    known = list(
        Event.objects.filter(action=action, success=False, timestamp__gt=timezone.now() - WINDOW)
        .values_list("client_ip", "actor_name", "target_name", "reason")
        .order_by()[:MOST]
    )
    # So many in a minute is somebody trying: more events would tell nothing new.
    if len(known) == MOST or (actor.address, actor.name, target.name, reason) in known:
        return
    with suppress(OperationalError), transaction.atomic():
        record(actor, action, target, success=False, reason=reason)
