"""The words for a user's states and fields: English here, translated where they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from rollcall.core.user_texts import TEXTS
from rollcall.provisioning.user import State


@dataclass(frozen=True)
class Label:
    """The English word (translated where it is shown) and the end of the CSS class."""

    text: str
    css: str


STATES: dict[str, Label] = {
    State.STAGED.value: Label(gettext_noop("Staged"), "staged"),
    State.ACTIVATED.value: Label(gettext_noop("Active"), "active"),
    State.SUSPENDED.value: Label(gettext_noop("Suspended"), "suspended"),
}


def state_word(state: str) -> str:
    """The word for a user's state in the reader's language; what is no state stays as it is."""
    return gettext(STATES[state].text) if state in STATES else state


# In the order in which pages list them.
FIELDS: dict[str, str] = {
    # Marked here, translated where it is shown: a module is loaded once, and pages have languages.
    "username": gettext_noop("Username"),
    "email": gettext_noop("E-mail"),
    "state": gettext_noop("State"),
    **{name: text.label for name, text in TEXTS.items()},
    "employeeIdentifier": gettext_noop("Employee identifier"),
    "manager": gettext_noop("Manager"),
}


def field_label(field: str) -> str:
    """The field as people call it, in the reader's language; an unknown one stays as it is."""
    return gettext(FIELDS[field]) if field in FIELDS else field
