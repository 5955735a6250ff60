"""What allauth and axes tell of sign-in, written into the audit log as it happens.

Signing in itself and passwords are recorded by the verbs that do them (`adapter`, `services`).
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils import timezone

from rollcall.accounts import stand_in, user_lock_out
from rollcall.accounts.actors import account_target, actor_of
from rollcall.accounts.lock_out import attempted_email
from rollcall.accounts.models import Account
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.audit.models import Event
from rollcall.audit.recording import Target

ACTIONS: dict[Signal, Action] = {
    user_logged_out: Action.ACCOUNT_SIGN_OUT,
    authenticator_added: Action.ACCOUNT_SECOND_FACTOR_ADD,
    authenticator_removed: Action.ACCOUNT_SECOND_FACTOR_REMOVE,
    authenticator_reset: Action.ACCOUNT_SECOND_FACTOR_RENEW,
}
FAILED = Action.ACCOUNT_SIGN_IN_FAILED
LOCKED_OUT = Action.ACCOUNT_LOCKED_OUT


def connect() -> None:
    """Listen to sign-in from now on."""
    for signal in ACTIONS:
        signal.connect(_note, dispatch_uid="rollcall.accounts.events")
    user_login_failed.connect(_note_failure, dispatch_uid="rollcall.accounts.events")
    authentication_failed.connect(_note_wrong_factor, dispatch_uid="rollcall.accounts.events")
    user_locked_out.connect(_note_lock_out, dispatch_uid="rollcall.accounts.events")


def _note(
    signal: Signal,
    request: HttpRequest | None,
    user: Account | None,
    authenticator: Any = None,
    **_: Any,
) -> None:
    if user is None or request is None:  # somebody signs out whose session had ended
        return
    kind = {"kind": str(authenticator.type)} if authenticator else {}
    recording.record(actor_of(request, user), ACTIONS[signal], account_target(user), after=kind)


def _note_failure(
    credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any
) -> None:
    """Not while they are locked out: no log is filled, and allauth bounds how often one may try."""
    if request is None:
        return
    email = attempted_email(request, credentials)
    # After axes has counted it, whose receiver was connected before: also the one that locks out.
    user_lock_out.note_failure(actor_of(request), email)
    if getattr(request, "axes_locked_out", False):
        return
    target, known = _target_of(email)
    reason = "wrong password" if known else "nobody signs in with this e-mail"
    recording.record(actor_of(request), FAILED, target, success=False, reason=reason)


def _note_wrong_factor(
    user: Account, authenticator: Any, request: HttpRequest | None = None, **_: Any
) -> None:
    """Only who knows the password comes this far; allauth bounds how often they may try."""
    if request is not None:
        reason = f"wrong second factor ({authenticator.type})"
        action = Action.ACCOUNT_SECOND_FACTOR_FAILED
        target = account_target(user)
        recording.record(actor_of(request), action, target, success=False, reason=reason)


def _note_lock_out(request: HttpRequest, username: str, **_: Any) -> None:
    """Once for each lock-out, however often it is tried meanwhile."""
    target, _known = _target_of(username)
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    known = Event.objects.filter(
        action=LOCKED_OUT,
        target_id=target.id,
        client_ip=actor_of(request).address,
        timestamp__gt=since,
    )
    if not known.exists():
        reason = "too many failed sign-ins"
        recording.record(actor_of(request), LOCKED_OUT, target, success=False, reason=reason)


def _target_of(email: str) -> tuple[Target, bool]:
    """Whose sign-in failed, and whether there is such an account: as much work either way."""
    if account := Account.objects.by_email(email):
        return account_target(account), True
    return stand_in.target(stand_in.make(email)), False
