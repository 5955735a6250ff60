"""Texts of allauth's that our translation says otherwise: it says Sie, and each thing one way."""

from __future__ import annotations

from django.utils.translation import gettext_noop

REWORDED = (
    gettext_noop("Be patient, you are sending too many requests."),
    gettext_noop("Please reauthenticate to safeguard your account."),
    gettext_noop("Please type your current password."),
    gettext_noop("Recovery Codes"),
    gettext_noop("Recovery codes"),
    gettext_noop("Save them  in a secure location now — they won't be shown again."),
    gettext_noop("Too many failed login attempts. Try again later."),
    gettext_noop("You are about to generate a new set of recovery codes for your account."),
    gettext_noop("You have signed out."),
    gettext_noop("You must type the same password each time."),
    gettext_noop("Your password has been changed."),
)
