"""Why a policy or an IP list cannot be kept, at the field of the form where it is wrong."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.translation import gettext

from rollcall.access.policies.decision.faults import Fault, Malformed

FIELDS: Final = (
    ("name", "name"),
    ("description", "description"),
    ("ips", "ips"),
    ("targets.resources", "resources"),
    ("targets", "users"),
    ("effect.obligations.mfa.maxAge", "minutes"),
    ("effect.custom_error_message.primary_help", "link1_url"),
    ("effect.custom_error_message.secondary_help", "link2_url"),
    ("effect.custom_error_message", "message"),
    ("effect", "effect"),
)
"""How the place of a fault begins, and the field that it stands at; the first that fits."""


def add_to(form: forms.Form, error: Malformed) -> None:
    """Add each fault to its field; what no field shows stands above all of them."""
    for fault in error.faults:
        form.add_error(_field(form, fault), sentence(fault))


def sentence(fault: Fault) -> str:
    """The fault; what the rules themselves say is English."""
    return gettext("This cannot be used: {text}").format(text=fault)


def _field(form: forms.Form, fault: Fault) -> str | None:
    named = (field for start, field in FIELDS if fault.field.startswith(start))
    return next((field for field in named if field in form.fields), None)
