"""What people change about their own sign-in, written into the audit log as it happens."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.dispatch import Signal
from django.http import HttpRequest

from rollcall.imports import audit
from rollcall.portal.models import Administrator

ACTIONS: dict[Signal, str] = {
    password_changed: "account.password.change",
    password_set: "account.password.set",
    password_reset: "account.password.reset",
    authenticator_added: "account.second_factor.add",
    authenticator_removed: "account.second_factor.remove",
    authenticator_reset: "account.second_factor.renew",
}


def connect() -> None:
    """Listen to allauth from now on."""
    for signal in ACTIONS:
        signal.connect(_note, dispatch_uid="rollcall.portal.account_events")


def _note(
    signal: Signal, request: HttpRequest, user: Administrator, authenticator: Any = None, **_: Any
) -> None:
    kind = {"kind": str(authenticator.type)} if authenticator else {}
    audit.record(
        actor=user.email,
        source="portal",
        address=str(request.META.get("REMOTE_ADDR", "")),
        action=ACTIONS[signal],
        target_type="administrator",
        target_id=str(user.pk),
        target=user.email,
        after=kind,
    )
