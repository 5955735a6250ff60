"""How sign-in behaves: who may not sign up, where links lead, what locks out, what is encrypted."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest
from django.urls import reverse

from rollcall.mail import outbox

LINK_WORTH_SENDING: Final = timedelta(hours=1)
"""How long a reset link works, and so how long it is worth sending."""


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Administrators are invited; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """The subject with the product's name."""
        return f"[Rollcall] {subject.strip()}"

    def get_from_email(self) -> str:
        """The sender that an administrator chose, else the one that the settings name."""
        return outbox.sender()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put it into the outbox: no page waits for a mail server, or breaks where it is down.

        Otherwise that would show, and only for those with an account.
        """
        page = {"request": self.request, "current_site": get_current_site(self.request)}
        message = self.render_mail(template_prefix, email, {**page, "email": email, **context})
        outbox.post(message, purpose="account", expires=LINK_WORTH_SENDING)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of the "forgotten password" e-mail, under `ROLLCALL_BASE_URL` where set."""
        uid, _, token = key.partition("-")
        route = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return absolute(route, self.request)


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Second factors: their secrets are encrypted with this installation's key."""

    def encrypt(self, text: str) -> str:
        """The secret as it is stored."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret as it was."""
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """What a security key shows for this site."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Rollcall"}


def base_url(request: HttpRequest | None = None) -> str:
    """Where people reach the portal: `ROLLCALL_BASE_URL`, else the host that was asked."""
    if settings.BASE_URL or request is None:
        return str(settings.BASE_URL)
    return f"{request.scheme}://{request.get_host()}"


def absolute(route: str, request: HttpRequest | None = None) -> str:
    """The full address of a path (`/imports/1/`) under `base_url`."""
    return f"{base_url(request)}{route}"


def attempted_email(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """Whom axes counts a failed sign-in for: the e-mail as typed, in lower case."""
    found = (credentials or {}).get("email") or request.POST.get("login") or ""
    return str(found).strip().lower()


def nobody_by_name(*_: object) -> str:
    """What axes writes into the log instead of an e-mail and an address."""
    return "a visitor"


def _fernet() -> Fernet:
    digest = hashlib.sha256(b"second factors" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
