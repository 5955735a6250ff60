"""Where a sign-on leads that begins here, at a tile: the application's own login address."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.db import transaction

from rollcall.access.oidc.clients import Unregistrable
from rollcall.access.oidc.models import Client
from rollcall.access.oidc.redirect_addresses import refusal
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import record
from rollcall.directory.services.events import application_target


@transaction.atomic
def change_login_address(actor: Actor, client: Client, address: str) -> None:
    """Set where the application begins a sign-on itself (OpenID Connect Core, 4); "" for nowhere.

    Raises:
        Unregistrable: it is no address that a browser can be sent to.
    """
    before = str(client.initiate_login_uri)
    if address == before:
        return
    # Never a scheme of its own, also not a public client's: a browser opens it.
    if address and (reason := refusal(address)):
        raise Unregistrable(f"{address[:200]!r} cannot be a login address: {reason}")
    client.initiate_login_uri = address
    client.save(update_fields=["initiate_login_uri", "updated"])
    record(
        actor,
        Action.SSO_CLIENT_UPDATE,
        application_target(client.application),
        before={"initiate_login_uri": before},
        after={"initiate_login_uri": address},
    )


def starting_address(client: Client, issuer: str) -> str:
    """The login address with the issuer, whom the application then asks (Core, 4); "" for none."""
    address = str(client.initiate_login_uri)
    if not address:
        return ""
    mark = "&" if urlsplit(address).query else "?"
    return f"{address}{mark}{urlencode({'iss': issuer})}"
