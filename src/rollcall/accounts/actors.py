"""Who acts in the portal: whoever is signed in, as every write names them."""

from __future__ import annotations

from django.http import HttpRequest

from rollcall.accounts.models import Account
from rollcall.audit.actor import Actor, Door, Initiator
from rollcall.audit.recording import Target

NOBODY = "-"
"""Who does what nobody signed in has done."""


def actor_of(request: HttpRequest, account: Account | None = None) -> Actor:
    """Who makes this request of the portal: `account`, else whoever is signed in, else nobody."""
    # A request that broke before the session was read has no user.
    signed_in = account or getattr(request, "user", None)
    known = signed_in if isinstance(signed_in, Account) else None
    return Actor(
        type=Initiator.USER if known and not known.roles else Initiator.ADMIN,
        door=Door.PORTAL,
        name=known.email if known else NOBODY,
        id=str(known.pk) if known else "",
        address=address_of(request),
    )


def address_of(request: HttpRequest) -> str:
    """The client's IP address, as `project.proxies` has found it."""
    return str(request.META.get("REMOTE_ADDR", ""))


def account_target(account: Account) -> Target:
    """An account as what an event is about: the user whose it is, else an administrator."""
    if account.user_id is not None:
        return Target("user", account.user_id, account.email)
    return Target("administrator", str(account.pk), account.email)
