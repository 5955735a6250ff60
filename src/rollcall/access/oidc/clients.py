"""Registers applications as clients: their addresses, their secret, shown once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import transaction

from rollcall.access.oidc import signing_keys
from rollcall.access.oidc.digests import digest
from rollcall.access.oidc.models import Algorithm, AuthMethod, Client
from rollcall.access.oidc.redirect_addresses import LONGEST, MOST, origin, refusal
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import record
from rollcall.core.errors import Problem
from rollcall.core.outgoing import addresses
from rollcall.directory import catalogue, services
from rollcall.directory.models import Application
from rollcall.directory.services import NewApplication
from rollcall.directory.services.events import application_target

TEMPLATE: Final = "custom-oidc"


class Unregistrable(Problem):
    """An application cannot be registered as a client with these values."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What an application says of itself, by the names of OpenID Connect Registration.

    The addresses are compared letter by letter. A public client has no secret, and can have no
    tokens of its own (`has_own_tokens`: the grant `client_credentials`). Where
    `backchannel_logout_uri` is "", nobody is told when somebody signs out.
    """

    redirect_uris: Sequence[str]
    post_logout_redirect_uris: Sequence[str] = ()
    public: bool = False
    auth_method: AuthMethod = AuthMethod.ANY
    id_token_signed_response_alg: Algorithm = Algorithm.RS256
    backchannel_logout_uri: str = ""
    backchannel_logout_session_required: bool = False
    has_own_tokens: bool = False


def registration_of(client: Client) -> Registration:
    """What the client says of itself now."""
    return Registration(
        redirect_uris=tuple(client.redirect_addresses),
        post_logout_redirect_uris=tuple(client.post_logout_addresses),
        public=client.is_public,
        auth_method=AuthMethod(client.auth_method),
        id_token_signed_response_alg=Algorithm(client.id_token_signed_response_alg),
        backchannel_logout_uri=client.backchannel_logout_uri,
        backchannel_logout_session_required=client.backchannel_logout_session_required,
        has_own_tokens=client.has_own_tokens,
    )


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
    client = Client(
        application=application,
        client_type=Client.CLIENT_PUBLIC if registration.public else Client.CLIENT_CONFIDENTIAL,
        client_secret=digest(secret) if secret else "",
    )
    _write(client, registration)
    client.save(force_insert=True)
    record(
        actor,
        Action.SSO_CLIENT_CREATE,
        application_target(application),
        after={"redirect_uris": list(registration.redirect_uris), "kind": client.client_type},
    )
    return client, secret


@transaction.atomic
def change(actor: Actor, client: Client, registration: Registration) -> None:
    """Let the client be registered in this way from now on; whether it is public stays.

    Raises:
        Unregistrable: an address cannot be taken, or it would be public, or no longer.
    """
    before = registration_of(client)
    if registration.public != before.public:
        raise Unregistrable("whether a client is public is said once, when it is set up")
    _check(registration)
    _write(client, registration)
    after = registration_of(client)
    if before == after:
        return
    client.save()
    target = application_target(client.application)
    record(actor, Action.SSO_CLIENT_UPDATE, target, before=_told(before), after=_told(after))


def change_addresses(
    actor: Actor, client: Client, redirect_uris: Sequence[str], post_logout: Sequence[str]
) -> None:
    """Replace the addresses that the client may be answered at.

    Raises:
        Unregistrable: one of them cannot be taken.
    """
    present = registration_of(client)
    moved = replace(present, redirect_uris=redirect_uris, post_logout_redirect_uris=post_logout)
    change(actor, client, moved)


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


def _write(client: Client, registration: Registration) -> None:
    method = AuthMethod.NONE if registration.public else registration.auth_method
    client.auth_method = method.value
    client.redirect_uris = " ".join(registration.redirect_uris)
    client.post_logout_redirect_uris = " ".join(registration.post_logout_redirect_uris)
    client.id_token_signed_response_alg = registration.id_token_signed_response_alg.value
    client.backchannel_logout_uri = registration.backchannel_logout_uri
    client.backchannel_logout_session_required = registration.backchannel_logout_session_required
    client.has_own_tokens = registration.has_own_tokens
    if registration.id_token_signed_response_alg is not Algorithm.RS256:
        # Published before it has anything to sign.
        signing_keys.ensure(client.id_token_signed_response_alg)


def _told(registration: Registration) -> dict[str, Any]:
    """The registration for an event, by names that speak of no secret: those would be hidden."""
    return {
        "redirect_uris": list(registration.redirect_uris),
        "post_logout_redirect_uris": list(registration.post_logout_redirect_uris),
        "auth_method": registration.auth_method.value,
        "signature": registration.id_token_signed_response_alg.value,
        "backchannel_logout_uri": registration.backchannel_logout_uri,
        "backchannel_logout_session_required": registration.backchannel_logout_session_required,
        "speaks_for_itself": registration.has_own_tokens,
    }


def _check(registration: Registration) -> None:
    """Raises Unregistrable: see `register`."""
    redirects = (*registration.redirect_uris, *registration.post_logout_redirect_uris)
    if not registration.redirect_uris:
        raise Unregistrable("a client needs at least one redirect URI")
    if len(redirects) > MOST or sum(map(len, redirects)) > MOST * LONGEST:
        raise Unregistrable(f"a client has at most {MOST} addresses")
    for address in redirects:
        if reason := refusal(address, public=registration.public):
            raise Unregistrable(f"{address[:200]!r} cannot be a redirect URI: {reason}")
    if registration.public and registration.has_own_tokens:
        raise Unregistrable("a public client proves nothing, and gets no tokens of its own")
    _check_logout(registration.backchannel_logout_uri)


def _check_logout(address: str) -> None:
    """Raises Unregistrable: see `register`."""
    if not address:
        return
    if reason := refusal(address):
        raise Unregistrable(f"{address[:200]!r} cannot be a back-channel logout URI: {reason}")
    # Rollcall itself calls it: no application may name a machine of the inner network.
    if not addresses.is_allowed(address):
        raise Unregistrable(
            f"{address[:200]!r} cannot be a back-channel logout URI: the operator lists the "
            "addresses that Rollcall may call in ROLLCALL_ALLOWED_ADDRESSES"
        )
