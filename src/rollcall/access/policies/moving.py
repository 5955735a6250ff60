"""Sessions that come from another address than they did: whoever moves is decided about anew."""

from __future__ import annotations

from typing import Any, Final

from allauth.account.authentication import get_authentication_records
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone

from rollcall.access.policies import admitting, break_glass, gathering
from rollcall.access.policies.decision.facts import Resource, ResourceType
from rollcall.accounts.actors import account_target, actor_of, address_of
from rollcall.accounts.models import Account
from rollcall.audit import recording
from rollcall.audit.actions import Action

ADDRESS: Final = "policy_address"
"""Where a session keeps the address that it was last decided about."""


def connect() -> None:
    """Keep the address of each sign-in with its session from now on."""
    user_logged_in.connect(_note_address, dispatch_uid="rollcall.access.policies.moving")


def has_moved(request: HttpRequest, account: object) -> bool:
    """Whether whoever is signed in comes from another address; asks the database nothing."""
    if not isinstance(account, Account):
        return False
    known = request.session.get(ADDRESS, "")
    # A session from before addresses were kept has none, and is left alone until it ends.
    return bool(known) and known != address_of(request)


def stays(request: HttpRequest, account: Account) -> bool:
    """Decide about a session that has moved; whether it goes on. One that does not is ended."""
    type_ = ResourceType.ADMIN_PORTAL if account.roles else ResourceType.USER_PORTAL
    facts = gathering.of(
        gathering.Who(account.pk, account.user_id or ""),
        Resource(type_),
        timezone.now(),
        address=address_of(request),
        proved=gathering.proved_by(get_authentication_records(request, account)),
    )
    if break_glass.is_one(account.pk):
        request.session[ADDRESS] = facts.address
        return True
    explanation = admitting.decide(facts)
    if explanation.admitted:
        request.session[ADDRESS] = facts.address
        return True
    recording.record(
        actor_of(request, account),
        Action.ACCOUNT_SIGN_IN_REFUSED,
        account_target(account),
        success=False,
        reason=f"the session came from another address: {admitting.why_not(explanation)}",
        details={"auth_method": "session", "auth_context": admitting.context(explanation)},
    )
    logout(request)
    return False


def _note_address(request: HttpRequest | None, **_: Any) -> None:
    if request is not None and (address := address_of(request)):
        request.session[ADDRESS] = address
