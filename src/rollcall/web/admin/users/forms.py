"""The form of a user, new or changed by hand: every text the directory keeps, and the manager."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext

from rollcall.core import usernames
from rollcall.core.text import clean
from rollcall.core.user_fields import MAX_LENGTH
from rollcall.directory.models import User
from rollcall.web.admin.users import provenance
from rollcall.web.admin.users.names import full_name
from rollcall.web.shell.text.numbers import grouped

FIELDS: Final = (
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
    "middlename",
    "displayname",
    "description",
)
REQUIRED: Final = ("username", "email")
MOST_LEVELS: Final = 100
"""How far up a chain of managers is followed."""


class UserForm(forms.Form):
    """What is typed about a user; `user` is None for a new one.

    The manager is typed as a username or an e-mail. After `is_valid`, `values` is what to store.
    """

    def __init__(self, data: QueryDict | None, user: User | None) -> None:
        super().__init__(data, initial=typed(user) if user else None)
        self.user = user
        for name in FIELDS:
            self.fields[name] = _field(name, user)

    @property
    def values(self) -> dict[str, Any]:
        """The valid values by column, `manager_id` among them."""
        values = dict(self.cleaned_data)
        values["manager_id"] = values.pop("manager")
        values["employeeIdentifier"] = values["employeeIdentifier"] or None
        return values

    def clean(self) -> dict[str, Any]:
        """Every value in the form in which it is stored, checked by itself and among the users."""
        data = super().clean() or {}
        for name, value in list(data.items()):
            data[name] = clean(value)
        for name, check in _CHECKS.items():
            if data.get(name):
                try:
                    data[name] = check(data[name], self.user)
                except ValidationError as error:
                    self.add_error(name, error)
        if "manager" in data:
            data["manager"] = data["manager"] or None
        return data


def typed(user: User) -> dict[str, str]:
    """A user's values as the form shows them."""
    texts = {name: str(getattr(user, name) or "") for name in FIELDS if name != "manager"}
    return {**texts, "manager": user.manager.username if user.manager else ""}


def _field(name: str, user: User | None) -> forms.CharField:
    label = provenance.field_label(name)
    limit = MAX_LENGTH.get(name, MAX_LENGTH["email"])
    too_long = gettext("{field}: at most {limit} characters, not %(show_value)s.")
    return forms.CharField(
        label=label,
        required=name in REQUIRED,
        max_length=limit,
        help_text=_help(name, user),
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


def _help(name: str, user: User | None) -> str:
    sentences = []
    if name == "manager":
        sentences.append(gettext("The manager's username or e-mail."))
    if provenance.is_owned(user, name):
        sentences.append(
            gettext("From Personio: the next import writes Personio's value over what you type.")
        )
    return " ".join(sentences)


def _username(value: str, user: User | None) -> str:
    if not re.match(usernames.PATTERN, value):
        raise ValidationError(
            gettext(
                "Username “{value}”: start with a letter; only letters without accents, digits, "
                "“.”, “_” and “-” may follow."
            ).format(value=value)
        )
    _refuse_taken("username", value, Q(username__lower=value.lower()), user)
    return value


def _email(value: str, user: User | None) -> str:
    try:
        validate_email(value)
    except ValidationError:
        raise ValidationError(
            gettext("E-mail “{value}”: this is not an e-mail address.").format(value=value)
        ) from None
    _refuse_taken("email", value, Q(email=value.lower()), user)
    return value.lower()


def _identifier(value: str, user: User | None) -> str:
    _refuse_taken("employeeIdentifier", value, Q(employeeIdentifier=value), user)
    return value


def _refuse_taken(field: str, value: str, taken: Q, user: User | None) -> None:
    other = User.objects.filter(taken).exclude(pk=user.pk if user else "").first()
    if other is not None:
        raise ValidationError(
            gettext("{field} “{value}”: {name} ({username}) has it already.").format(
                field=provenance.field_label(field),
                value=value,
                name=full_name(other),
                username=other.username,
            )
        )


def _manager(value: str, user: User | None) -> str:
    known = Q(username__lower=value.lower()) | Q(email=value.lower())
    manager = User.objects.filter(known).first()
    if manager is None:
        raise ValidationError(
            gettext("Manager “{value}”: no user has this username or e-mail.").format(value=value)
        )
    if user is not None and user.pk in _chain(manager):
        raise ValidationError(
            gettext(
                "Manager “{value}”: this is the user, or somebody who reports to the user."
            ).format(value=value)
        )
    return str(manager.pk)


def _chain(user: User) -> set[str]:
    """The user and all managers above, by id."""
    chain = {user.pk}
    above = user.manager_id
    while above and above not in chain and len(chain) < MOST_LEVELS:
        chain.add(above)
        above = User.objects.values_list("manager_id", flat=True).get(pk=above)
    return chain


_CHECKS = {
    "username": _username,
    "email": _email,
    "employeeIdentifier": _identifier,
    "manager": _manager,
}
