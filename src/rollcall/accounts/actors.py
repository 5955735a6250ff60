"""Who acts in the portal: whoever is signed in, as every write names them."""

from __future__ import annotations

from django.http import HttpRequest

from rollcall.accounts.models import Administrator
from rollcall.audit.actor import Actor, Door, Initiator
from rollcall.audit.recording import Target

NOBODY = "-"
"""Who does what nobody signed in has done."""


def actor_of(request: HttpRequest, person: Administrator | None = None) -> Actor:
    """Who makes this request of the portal: `person`, else whoever is signed in, else nobody."""
    signed_in = person or getattr(request, "user", None)
    known = signed_in if isinstance(signed_in, Administrator) else None
    return Actor(
        type=Initiator.ADMIN,
        door=Door.PORTAL,
        name=known.email if known else NOBODY,
        id=str(known.pk) if known else "",
        address=str(request.META.get("REMOTE_ADDR", "")),
    )


def account_target(person: Administrator) -> Target:
    """An account as what an event is about."""
    return Target("administrator", str(person.pk), person.email)
