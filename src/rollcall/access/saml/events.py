"""What of sign-on by SAML is written down: who signed on where, who was refused, who is out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rollcall.access.saml.models import Connection, SignOn
from rollcall.accounts.proofs import SEVERAL, Proof
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import record
from rollcall.directory.services.events import application_target


def signed_on(
    actor: Actor,
    connection: Connection,
    proof: Proof,
    decision: Mapping[str, Any],
    *,
    idp_initiated: bool,
) -> None:
    """Somebody got into an application (Directory Insights, `sso_auth`).

    `decision` is what the policies have looked at, for its `auth_context`.
    """
    details = {
        **_details(connection, idp_initiated),
        "mfa": SEVERAL in proof.amr,
        "auth_context": dict(decision),
    }
    target = application_target(connection.application)
    record(actor, Action.SSO_SIGN_ON, target, details=details)


def refused(
    actor: Actor,
    connection: Connection,
    reason: str,
    decision: Mapping[str, Any] | None = None,
    *,
    idp_initiated: bool,
) -> None:
    """Somebody did not get in; why is for administrators only."""
    context = {"auth_context": dict(decision)} if decision else {}
    record(
        actor,
        Action.SSO_REFUSED,
        application_target(connection.application),
        success=False,
        reason=reason,
        details={**_details(connection, idp_initiated), **context},
    )


def signed_out(actor: Actor, sign_on: SignOn, *, success: bool = True, reason: str = "") -> None:
    """A sign-on at an application is over, and the application knows (or could not be told)."""
    connection = sign_on.connection
    record(
        actor,
        Action.SSO_SIGN_OUT,
        application_target(connection.application),
        success=success,
        reason=reason,
        details=_details(connection, False),
    )


def _details(connection: Connection, idp_initiated: bool) -> Mapping[str, Any]:
    """What Directory Insights says of a sign-on."""
    application = connection.application
    named = {
        "id": application.id,
        "name": application.name,
        "display_label": application.displayLabel,
        "sso_url": f"/saml2/{connection.path}",
    }
    return {"application": named, "idp_initiated": idp_initiated, "auth_method": "session"}
