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
"""How many different refusals of one kind are written of one address within the window."""

MOST_OF_ALL: Final = 1000
"""The same of all addresses together."""

MORE: Final = "too many refusals: further ones of this minute are not written"


def record_refusal(
    actor: Actor, action: Action, target: Target | None = None, *, reason: str
) -> None:
    """Write down that something was refused; the same again within a minute is not written twice.

    A stranger can be refused as often as they like: what they cost stays one look at an index, and
    the last one that is written of an address says that there are more. Nobody's refusals keep
    those of another address out of the log. An answer never fails, and never waits, because the
    refusal could not be written.
    """
    target = target or Target("")
    known = list(
        Event.objects.filter(action=action, success=False, timestamp__gt=timezone.now() - WINDOW)
        .values_list("client_ip", "actor_name", "target_name", "reason")
        .order_by()[:MOST_OF_ALL]
    )
    own = [refusal for refusal in known if refusal[0] == actor.address]
    told = (actor.address, actor.name, target.name, reason) in own
    if told or len(own) >= MOST or len(known) >= MOST_OF_ALL:
        return
    if len(own) == MOST - 1:
        target, reason = Target(""), MORE
    with suppress(OperationalError), transaction.atomic():
        record(actor, action, target, success=False, reason=reason)
