"""Why a what-if cannot be answered, at the field of its form."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext

from rollcall.access.policies.what_if import Doubt, Unclear


def add_to(form: forms.Form, error: Unclear) -> None:
    """Say whom or what nobody knows."""
    if error.doubt is Doubt.NOBODY:
        form.add_error("user", gettext("Nobody is called {names}.").format(names=error.named))
    elif error.doubt is Doubt.SEVERAL_PEOPLE:
        text = gettext("Several users are called {name}.").format(name=error.named)
        form.add_error("user", text)
    else:
        form.add_error("resource", gettext("This application is gone."))
