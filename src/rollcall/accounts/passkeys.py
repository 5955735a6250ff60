"""Passkeys that sign in without a password: whether they do, and which answer of one is taken."""

from __future__ import annotations

import re
from typing import Any, Final

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.mfa.webauthn.internal.auth import parse_authentication_response
from django.http import HttpRequest

from rollcall.accounts import factors
from rollcall.accounts.actors import actor_of
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.audit.recording import Target

HANDLE: Final = re.compile(rb"[0-9a-z]{1,12}")
"""Whose passkey it is, as it was told when made: the account's key, which no column overflows."""

NOBODYS: Final = Target("administrator", "unknown-passkey")


def sign_in() -> bool:
    """Whether a passkey signs in here without a password."""
    row = factors.settings()
    return bool(row.webauthn and row.passkey_sign_in)


def note_refusal(request: HttpRequest) -> None:
    """Record that a passkey was refused; whose it was nobody has proved."""
    recording.record(
        actor_of(request),
        Action.ACCOUNT_SIGN_IN_FAILED,
        NOBODYS,
        success=False,
        reason="a passkey was refused",
    )


class PasskeyForm(LoginWebAuthnForm):  # type: ignore[misc]  # allauth ships no types
    """The answer of a passkey that has asked its owner for a finger, a face or a PIN."""

    def clean_credential(self) -> Any:
        """The passkey; refused where it has not verified its owner.

        Held here and not only in the question: that one lies in the session, and whoever has
        another account can have put it there as one for a second factor, which asks for less. A
        key that is found would then open its owner's account.
        """
        answer = parse_authentication_response(self.cleaned_data["credential"]).response
        if not answer.authenticator_data.is_user_verified():
            raise get_adapter().validation_error("incorrect_code")
        if not HANDLE.fullmatch(answer.user_handle or b""):
            raise get_adapter().validation_error("incorrect_code")
        return super().clean_credential()
