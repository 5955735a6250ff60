"""What people do about their own sign-in, written into the audit log as it happens."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set, user_logged_in
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils import timezone

from rollcall.accounts.actors import account_target, actor_of
from rollcall.accounts.models import Administrator
from rollcall.accounts.signin import attempted_email
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.audit.models import Event

ACTIONS: dict[Signal, Action] = {
    user_logged_in: Action.ACCOUNT_SIGN_IN,
    user_logged_out: Action.ACCOUNT_SIGN_OUT,
    password_changed: Action.ACCOUNT_PASSWORD_CHANGE,
    password_set: Action.ACCOUNT_PASSWORD_SET,
    password_reset: Action.ACCOUNT_PASSWORD_RESET,
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
    user_locked_out.connect(_note_lock_out, dispatch_uid="rollcall.accounts.events")


def _note(
    signal: Signal,
    request: HttpRequest | None,
    user: Administrator | None,
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
    """Only for those who have an account, and not while they are locked out: no log is filled."""
    if request is None or getattr(request, "axes_locked_out", False):
        return
    if person := _meant(attempted_email(request, credentials)):
        _refused(request, person, FAILED)


def _note_lock_out(request: HttpRequest, username: str, **_: Any) -> None:
    """Once for each lock-out, however often it is tried meanwhile."""
    person = _meant(username)
    if person is None:
        return
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    known = Event.objects.filter(
        action=LOCKED_OUT,
        target_id=str(person.pk),
        client_ip=actor_of(request).address,
        timestamp__gt=since,
    )
    if not known.exists():
        _refused(request, person, LOCKED_OUT)


def _meant(email: str) -> Administrator | None:
    return Administrator.objects.filter(email__iexact=email).first()


def _refused(request: HttpRequest, person: Administrator, action: Action) -> None:
    recording.record(actor_of(request), action, account_target(person), success=False)
