"""Registers applications as clients: their addresses, their secret, shown once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from rollcall.access.oidc.digests import digest
from rollcall.access.oidc.models import AuthMethod, Client
from rollcall.access.oidc.redirect_addresses import LONGEST, MOST, origin, refusal
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import record
from rollcall.core.errors import Problem
from rollcall.directory import catalogue, services
from rollcall.directory.models import Application
from rollcall.directory.services import NewApplication
from rollcall.directory.services.events import application_target

TEMPLATE: Final = "custom-oidc"


class Unregistrable(Problem):
    """An application cannot be registered as a client with these values."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What an application says of itself.

    The addresses are compared letter by letter. A public client has no secret.
    """

    redirect_uris: Sequence[str]
    post_logout_redirect_uris: Sequence[str] = ()
    public: bool = False
    auth_method: AuthMethod = AuthMethod.ANY


@transaction.atomic
def create_application(
    actor: Actor, label: str, registration: Registration
) -> tuple[Client, str | None]:
    """A new, active application that signs on by OpenID Connect, and its secret.

    Raises:
        Unregistrable: the label or an address cannot be taken.
    """
    entry = catalogue.template(TEMPLATE)
    values = {"name": entry.name, "displayLabel": label, "color": entry.color, "active": True}
    [made] = services.create_applications(actor, [NewApplication(values)])
    if not isinstance(made, Application):
        raise Unregistrable(f"the label has 1 to 255 characters: {', '.join(sorted(made.codes))}")
    return register(actor, made, registration)


@transaction.atomic
def register(
    actor: Actor, application: Application, registration: Registration
) -> tuple[Client, str | None]:
    """Make an application a client, and its secret; None where it is public.

    Raises:
        Unregistrable: an address cannot be taken.
    """
    _check(registration)
    secret = None if registration.public else _new_secret()
    client = Client.objects.create(
        application=application,
        client_type=Client.CLIENT_PUBLIC if registration.public else Client.CLIENT_CONFIDENTIAL,
        client_secret=digest(secret) if secret else "",
        auth_method=(AuthMethod.NONE if registration.public else registration.auth_method).value,
        redirect_uris=" ".join(registration.redirect_uris),
        post_logout_redirect_uris=" ".join(registration.post_logout_redirect_uris),
    )
    record(
        actor,
        Action.SSO_CLIENT_CREATE,
        application_target(application),
        after={"redirect_uris": list(registration.redirect_uris), "kind": client.client_type},
    )
    return client, secret


@transaction.atomic
def change_addresses(
    actor: Actor, client: Client, redirect_uris: Sequence[str], post_logout: Sequence[str]
) -> None:
    """Replace the addresses that the client may be answered at.

    Raises:
        Unregistrable: one of them cannot be taken.
    """
    _check(Registration(redirect_uris, post_logout, client.is_public))
    before = {
        "redirect_uris": client.redirect_addresses,
        "post_logout_redirect_uris": client.post_logout_addresses,
    }
    client.redirect_uris = " ".join(redirect_uris)
    client.post_logout_redirect_uris = " ".join(post_logout)
    client.save(update_fields=["redirect_uris", "post_logout_redirect_uris", "updated"])
    after = {
        "redirect_uris": list(redirect_uris),
        "post_logout_redirect_uris": list(post_logout),
    }
    if before != after:
        target = application_target(client.application)
        record(actor, Action.SSO_CLIENT_UPDATE, target, before=before, after=after)


@transaction.atomic
def rotate_secret(actor: Actor, client: Client) -> str:
    """A new secret, from now on the only one.

    Raises:
        Unregistrable: the client is public.
    """
    if client.is_public:
        raise Unregistrable("a public client has no secret")
    secret = _new_secret()
    client.client_secret = digest(secret)
    client.save(update_fields=["client_secret", "updated"])
    record(actor, Action.SSO_CLIENT_ROTATE, application_target(client.application))
    return secret


def answered_at(client_id: str, redirect_uri: str) -> str:
    """The origin of an address that this client has registered; "" where it has not."""
    client = Client.objects.filter(client_id=client_id).first()
    registered = client is not None and redirect_uri in client.redirect_addresses
    return origin(redirect_uri) if registered else ""


def _new_secret() -> str:
    # A prefix of our own, by which scanners for leaked secrets can know it.
    return f"rcs_{secrets.token_urlsafe(32)}"


def _check(registration: Registration) -> None:
    """Raises Unregistrable: see `register`."""
    addresses = (*registration.redirect_uris, *registration.post_logout_redirect_uris)
    if not registration.redirect_uris:
        raise Unregistrable("a client needs at least one redirect URI")
    if len(addresses) > MOST or sum(map(len, addresses)) > MOST * LONGEST:
        raise Unregistrable(f"a client has at most {MOST} addresses")
    for address in addresses:
        if reason := refusal(address, public=registration.public):
            raise Unregistrable(f"{address[:200]!r} cannot be a redirect URI: {reason}")
