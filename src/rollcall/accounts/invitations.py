"""The e-mail that invites somebody to sign in."""

from __future__ import annotations

import logging
import smtplib

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext

from rollcall.accounts.first_start import password_link
from rollcall.accounts.models import Administrator
from rollcall.accounts.signin import sender

logger = logging.getLogger(__name__)


def send(person: Administrator, base_url: str) -> bool:
    """Send the link with which this person sets a password; False when no mail server took it."""
    text = render_to_string("accounts/invitation.txt", {"link": password_link(person, base_url)})
    subject = gettext("[Rollcall] You can sign in now")
    message = EmailMessage(subject, text, sender(), [person.email])
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("an invitation could not be sent: %s", type(error).__name__)
        return False
    return True
