"""The form of a user, new or changed by hand: every text the directory keeps, and the manager."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.html import escape
from django.utils.translation import gettext

from rollcall.core.emails import normalize as normalize_email
from rollcall.core.text import fold
from rollcall.core.user_fields import MAX_LENGTH, PLAIN_TEXTS
from rollcall.directory.models import User
from rollcall.directory.rules import check_user, normalized
from rollcall.web.admin.users import provenance
from rollcall.web.shell.merging import MergingForm
from rollcall.web.shell.refusals import add_to
from rollcall.web.shell.text.numbers import grouped

# In the order in which people fill it in; what is not named here follows at the end.
_FIRST: Final = (
    "firstname",
    "lastname",
    "username",
    "email",
    "jobTitle",
    "department",
    "company",
    "location",
    "manager",
    "costCenter",
    "employeeType",
    "employeeIdentifier",
)
FIELDS: Final = (*_FIRST, *(name for name in PLAIN_TEXTS if name not in _FIRST))
REQUIRED: Final = ("username", "email")


class UserForm(MergingForm):
    """What is typed about a user; `user` is None for a new one.

    The manager is typed as a username or an e-mail. After `is_valid`, `values` is what to store.
    """

    def __init__(self, data: QueryDict | None, user: User | None) -> None:
        super().__init__(data, now=typed(user) if user else {})
        self.user = user
        owned, origin = provenance.owned_fields(user), provenance.origin(user)
        for name in FIELDS:
            self.fields[name] = _field(name, origin if name in owned else "")

    @property
    def values(self) -> dict[str, Any]:
        """The valid values by the directory's field names; `manager` is a user's id or None."""
        return dict(self.cleaned_data)

    def clean(self) -> dict[str, Any]:
        """Every value in the form in which it is stored, checked by the directory's own rules."""
        data = super().clean() or {}
        if data.get("manager"):
            data["manager"] = self._manager(data["manager"])
        values = normalized({**data, "manager": data.get("manager") or None})
        # Only what was changed here: the rest of the form may be older than the row.
        edited = self.edited(values)
        refusals = check_user({name: edited[name] for name in edited if name in data}, self.user)
        add_to(self, tuple(refusal for refusal in refusals if refusal.field not in self.errors))
        return edited

    def _manager(self, typed: str) -> str | None:
        """The id of whom the username or e-mail names; the error is added where it is nobody."""
        known = Q(username__lower=fold(typed)) | Q(email=normalize_email(typed))
        manager = User.objects.filter(known).first()
        if manager is None:
            self.add_error(
                "manager",
                gettext("Manager “{value}”: no user has this username or e-mail.").format(
                    value=typed
                ),
            )
            return None
        return str(manager.pk)


def typed(user: User) -> dict[str, str]:
    """A user's values as the form shows them."""
    texts = {name: str(getattr(user, name) or "") for name in FIELDS if name != "manager"}
    return {**texts, "manager": user.manager.username if user.manager else ""}


def _field(name: str, origin: str) -> forms.CharField:
    label = provenance.field_label(name)
    # The manager's field takes an e-mail, too.
    limit = MAX_LENGTH.get(name, MAX_LENGTH["email"])
    too_long = gettext("{field}: at most {limit} characters, not %(show_value)s.")
    return forms.CharField(
        label=label,
        required=name in REQUIRED,
        max_length=limit,
        help_text=_help(name, origin),
        widget=_widget(name),
        error_messages={
            "required": gettext("{field}: fill this in.").format(field=label),
            "max_length": too_long.format(field=label, limit=grouped(limit)),
        },
    )


def _widget(name: str) -> forms.Widget:
    attributes = {"autocomplete": "off"}
    if name == "manager":
        attributes["list"] = "manager-suggestions"
    return forms.TextInput(attributes)


def _help(name: str, origin: str) -> str:
    """What is to be known of the field; `origin` is what the next import fills it from, or ""."""
    sentences = []
    if name == "manager":
        sentences.append(gettext("The manager's username or e-mail."))
    if origin:
        # Escaped here: the template trusts help texts, and an administrator has chosen this name.
        sentences.append(
            gettext(
                "From {source}: the next import writes {source}'s value over what you type."
            ).format(source=escape(origin))
        )
    return " ".join(sentences)
