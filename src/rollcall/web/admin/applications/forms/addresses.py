"""Addresses that an application is answered at, as forms take them: one on each line."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_noop

from rollcall.access.oidc.redirect_addresses import LONGEST, MOST, refusal

REASONS: Final = (
    gettext_noop("an address has 1 to 2,048 visible characters of ASCII"),
    gettext_noop("it is no address: https://app.example.com/callback is one"),
    gettext_noop("its host is none"),
    gettext_noop("it holds a fragment, a password, a wildcard or a backslash"),
    gettext_noop("it must begin with https:// (http:// only for localhost)"),
)
"""What `redirect_addresses.refusal` says, for the translators."""


class AddressesField(forms.CharField):
    """Addresses, one on each line; its value is the lines as text, without what is empty."""

    def __init__(self, **more: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "off"})
        super().__init__(max_length=MOST * (LONGEST + 2), widget=widget, **more)

    def to_python(self, value: Any) -> str:
        """The lines, each without the space around it, and none twice."""
        return "\n".join(lines(str(super().to_python(value) or "")))


def lines(text: str) -> list[str]:
    """The addresses in a text, in their order, each once."""
    stripped = (line.strip() for line in text.splitlines())
    return list(dict.fromkeys(line for line in stripped if line))


def check(text: str, *, public: bool = False) -> None:
    """Hold every line to what may be registered.

    Raises:
        ValidationError: one cannot be; it is named.
    """
    for address in lines(text):
        if reason := refusal(address, public=public):
            said = gettext("“{address}” cannot be taken: {reason}.")
            raise ValidationError(said.format(address=address[:200], reason=gettext(reason)))
