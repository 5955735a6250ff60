"""What of single sign-on is written down: who signed on where, what was refused, what ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rollcall.access.oidc.models import SignOn
from rollcall.accounts.models import Account
from rollcall.accounts.proofs import SEVERAL, Proof
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor, Door, Initiator
from rollcall.audit.recording import record
from rollcall.core.actor import ROLLCALL
from rollcall.directory.models import Application
from rollcall.directory.services.events import application_target


def signed_on(
    actor: Actor, application: Application, proof: Proof, decision: Mapping[str, Any]
) -> None:
    """Somebody got into an application (Directory Insights, `sso_auth`).

    `decision` is what the policies have looked at, for its `auth_context`.
    """
    details = {
        **_details(application),
        "mfa": SEVERAL in proof.amr,
        "auth_context": dict(decision),
    }
    record(actor, Action.SSO_SIGN_ON, application_target(application), details=details)


def refused(
    actor: Actor,
    application: Application,
    reason: str,
    decision: Mapping[str, Any] | None = None,
) -> None:
    """Somebody did not get in; why is for administrators only.

    `decision` is what the policies have looked at, where it was they.
    """
    context = {"auth_context": dict(decision)} if decision else {}
    record(
        actor,
        Action.SSO_REFUSED,
        application_target(application),
        success=False,
        reason=reason,
        details={**_details(application), **context},
    )


def token_refused(
    request: Any, sign_on: SignOn, reason: str, decision: Mapping[str, Any] | None = None
) -> None:
    """An application asked for somebody who is no longer to be there.

    `decision` is what the policies have looked at, where it was they.
    """
    application = sign_on.client.application
    context = {"auth_context": dict(decision)} if decision else {}
    record(
        _actor(sign_on.account, request),
        Action.SSO_TOKEN_REFUSED,
        application_target(application),
        success=False,
        reason=reason,
        details={**_details(application), **context},
    )


def ended(request: Any, sign_on: SignOn, reason: str) -> None:
    """A sign-on ended with all its tokens."""
    application = sign_on.client.application
    record(
        _actor(sign_on.account, request),
        Action.SSO_TOKENS_REVOKE,
        application_target(application),
        reason=reason,
        details=_details(application),
    )


def logout_not_taken(sign_on: SignOn, reason: str) -> None:
    """An application was not told that somebody is out, and nothing more is tried."""
    application = sign_on.client.application
    record(
        ROLLCALL,
        Action.SSO_LOGOUT_FAILED,
        application_target(application),
        success=False,
        reason=reason,
        details=_details(application),
    )


def _details(application: Application) -> Mapping[str, Any]:
    """What Directory Insights says of a sign-on."""
    named = {
        "id": application.id,
        "name": application.name,
        "display_label": application.displayLabel,
    }
    return {"application": named, "idp_initiated": False, "auth_method": "session"}


def _actor(account: Account, request: Any) -> Actor:
    """Whose token it is; the address is the application's, which has called for them."""
    address = str(request.headers.get("REMOTE_ADDR", ""))
    return Actor(Initiator.USER, Door.SSO, account.email, str(account.pk), address)
