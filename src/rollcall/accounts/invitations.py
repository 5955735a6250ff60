"""The e-mail that invites somebody to sign in."""

from __future__ import annotations

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext

from rollcall.accounts.models import Account
from rollcall.accounts.one_time_links import password_link
from rollcall.mail import outbox


def send(account: Account, base_url: str) -> bool:
    """Send the link with which they set a password; False when no server took it yet."""
    text = render_to_string("accounts/invitation.txt", {"link": password_link(account, base_url)})
    subject = gettext("[Rollcall] You can sign in now")
    message = EmailMultiAlternatives(subject, text, outbox.sender(), [account.email])
    posted = outbox.try_post(message, purpose="invitation")
    # Tried at once, since whoever invites somebody wants to know whether a server took it.
    return posted is not None and outbox.send_now(posted)
