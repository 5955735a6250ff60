"""The forms of Security Management: a policy, an IP list, the defaults, a what-if."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.access.policies.decision import address_lists
from rollcall.access.policies.decision.facts import Device, Factor, ResourceType
from rollcall.access.policies.decision.parsing import LONGEST_MESSAGE, MOST_MINUTES
from rollcall.access.policies.what_if import Question
from rollcall.core.labels import is_web_address
from rollcall.directory.models import Application, UserGroup
from rollcall.web.admin.policies import people, words
from rollcall.web.shell.merging import MergingForm

MOST_CHOICES: Final = 1000
"""Applications and groups in a menu."""

Choice: TypeAlias = "tuple[str, str | Promise]"

FIRST_YEAR, LAST_YEAR = 1970, 2999
EVERYBODY, NAMED = "everybody", "named"
DENY, ALLOW, MFA = "deny", "allow", "mfa"


class PolicyForm(MergingForm):
    """What is typed about a policy; its conditions come from the editor, as one field."""

    name = forms.CharField(
        label=_("Policy Name"),
        max_length=255,
        error_messages={"required": _("Policy Name: fill this in.")},
    )
    description = forms.CharField(label=_("Description"), max_length=1024, required=False)
    enabled = forms.BooleanField(label=_("Policy Status: on"), required=False)
    resources = forms.MultipleChoiceField(
        label=_("Resources"),
        required=False,
        choices=list(words.RESOURCES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    applications = forms.MultipleChoiceField(
        label=_("Applications"),
        required=False,
        help_text=_("Several may be chosen. Leave them where the policy is for all of them."),
    )
    whom = forms.ChoiceField(
        label=_("Users"),
        choices=[(EVERYBODY, _("Everybody")), (NAMED, _("Selected users and user groups"))],
        widget=forms.RadioSelect,
    )
    users = forms.CharField(
        label=_("Included users"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Usernames or e-mails, one on each line."),
    )
    groups = forms.MultipleChoiceField(label=_("Included user groups"), required=False)
    not_users = forms.CharField(
        label=_("Excluded users"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Usernames or e-mails, one on each line. They stay outside of the policy."),
    )
    not_groups = forms.MultipleChoiceField(label=_("Excluded user groups"), required=False)
    conditions = forms.CharField(label=_("Conditions"), required=False, widget=forms.HiddenInput)
    effect = forms.ChoiceField(
        label=_("Access"),
        choices=[
            (DENY, _("Denied")),
            (ALLOW, _("Allowed: Password")),
            (MFA, _("Allowed: Password + MFA")),
        ],
        widget=forms.RadioSelect,
    )
    factors = forms.MultipleChoiceField(
        label=_("Factors"),
        required=False,
        choices=[("TOTP", _("Authenticator app")), ("WEBAUTHN", _("Passkey or security key"))],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Which of them will do, with MFA. None chosen: any, recovery codes too."),
    )
    minutes = forms.IntegerField(
        label=_("Given at most this many minutes ago"),
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        help_text=_("Empty: once at sign-in is enough."),
    )
    message = forms.CharField(
        label=_("Message for whoever is refused"),
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Empty: a neutral one."),
    )
    link1_text = forms.CharField(label=_("Link: text"), required=False, max_length=255)
    link1_url = forms.CharField(label=_("Link: address"), required=False, max_length=2048)
    link2_text = forms.CharField(label=_("Second link: text"), required=False, max_length=255)
    link2_url = forms.CharField(label=_("Second link: address"), required=False, max_length=2048)

    def __init__(self, data: Mapping[str, Any] | None, *, now: Mapping[str, Any]) -> None:
        super().__init__(data, now=now)
        self._kept = (str(now.get("users", "")) + "\n" + str(now.get("not_users", ""))).splitlines()
        self._offer("applications", _applications(), now)
        groups = _groups()
        self._offer("groups", groups, now)
        self._offer("not_groups", groups, now)

    def _offer(self, name: str, choices: list[Choice], now: Mapping[str, Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        known = {value for value, _label in choices}
        # What was deleted since stays chosen until somebody takes it away.
        gone = [(value, value) for value in now.get(name, ()) if value not in known]
        field.choices = [*choices, *gone]

    def quiet(self) -> None:
        """Show what was typed, and nothing of what may be wrong with it yet."""
        self._errors = ErrorDict()

    def clean_users(self) -> str:
        """The lines, each of which names a user."""
        return self._users("users")

    def clean_not_users(self) -> str:
        """The lines, each of which names a user."""
        return self._users("not_users")

    def clean_link1_url(self) -> str:
        """A whole address, or nothing."""
        return _web_address(str(self.cleaned_data["link1_url"]))

    def clean_link2_url(self) -> str:
        """A whole address, or nothing."""
        return _web_address(str(self.cleaned_data["link2_url"]))

    def clean(self) -> dict[str, Any]:
        """The values; a policy is for some resource, and for somebody."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("resources") and not data.get("applications"):
            self.add_error("resources", _("Choose what the policy is for."))
        named = data.get("users") or data.get("groups")
        if data.get("whom") == NAMED and not named and not {"users", "groups"} & set(self.errors):
            self.add_error("users", _("Name a user or a user group, or choose everybody."))
        return data

    def _users(self, name: str) -> str:
        text = str(self.cleaned_data[name])
        if len(text.splitlines()) > people.MOST:
            raise ValidationError(
                gettext("At most {n} users; make a user group of them.").format(n=people.MOST)
            )
        try:
            people.ids(text, self._kept)
        except people.Unknown as error:
            raise ValidationError(
                gettext("Nobody is called {names}.").format(names=", ".join(error.lines[:5]))
            ) from None
        return text

    def _clash(self, name: str, value: str) -> str:
        if name != "conditions":
            return super()._clash(name, value)
        return gettext(
            "Conditions: somebody else has changed them meanwhile. Save again to write yours."
        )


class IpListForm(MergingForm):
    """What is typed about an IP list."""

    name = forms.CharField(
        label=_("Name"), max_length=255, error_messages={"required": _("Name: fill this in.")}
    )
    description = forms.CharField(label=_("Description"), max_length=1024, required=False)
    ips = forms.CharField(
        label=_("IP addresses"),
        required=False,
        max_length=address_lists.MOST_ENTRIES * (address_lists.LONGEST_ENTRY + 2),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=_(
            "One on each line: an address (192.0.2.7), a network (192.0.2.0/24, 2001:db8::/32) or "
            "a range (192.0.2.1-192.0.2.9)."
        ),
    )

    def clean_ips(self) -> str:
        """The entries, one on each line."""
        entries = lines(str(self.cleaned_data["ips"]))
        if len(entries) > address_lists.MOST_ENTRIES:
            raise ValidationError(
                gettext("At most {n} entries.").format(n=address_lists.MOST_ENTRIES)
            )
        wrong = list(address_lists.malformed(entries))
        if wrong:
            raise ValidationError(
                gettext("This is no address, network or range: {entries}").format(
                    entries=", ".join(entry[:60] for entry in wrong[:5])
                )
            )
        return "\n".join(entries)


class DefaultsForm(MergingForm):
    """What becomes of whom no policy speaks of, by resource."""

    user_portal = forms.ChoiceField(label=_("User portal"))
    admin_portal = forms.ChoiceField(label=_("Admin portal"))
    application = forms.ChoiceField(label=_("Applications"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for type_ in ResourceType:
            field = self.fields[type_.value]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = list(words.DEFAULTS.items())


class WhatIfForm(forms.Form):
    """One sign-in that somebody wants to know about."""

    user = forms.CharField(
        label=_("User"), max_length=255, help_text=_("Username or e-mail; administrators too.")
    )
    resource = forms.ChoiceField(label=_("Resource"))
    address = forms.GenericIPAddressField(label=_("IP address"), required=False)
    country = forms.CharField(
        label=_("Country"),
        required=False,
        min_length=2,
        max_length=2,
        help_text=_("Two letters, like DE. Empty: as the address says."),
    )
    at = forms.DateTimeField(
        label=_("Date and time"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty: now."),
    )
    factor = forms.ChoiceField(
        label=_("Second factor"),
        required=False,
        choices=[
            ("", _("none")),
            (Factor.TOTP.value, _("Authenticator app")),
            (Factor.WEBAUTHN.value, _("Passkey or security key")),
        ],
    )
    managed = forms.ChoiceField(label=_("Device managed"), required=False)
    encrypted = forms.ChoiceField(label=_("Device encrypted"), required=False)
    system = forms.ChoiceField(
        label=_("Operating system"),
        required=False,
        choices=[("", _("not known")), *words.SYSTEMS.items()],
    )
    version = forms.CharField(label=_("OS version"), required=False, max_length=32)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        unknown: list[Choice] = [("", _("not known")), ("yes", _("yes")), ("no", _("no"))]
        portals: list[Choice] = [
            (type_.value, words.RESOURCES[type_.value])
            for type_ in (ResourceType.USER_PORTAL, ResourceType.ADMIN_PORTAL)
        ]
        for name, offered in (
            ("managed", unknown),
            ("encrypted", unknown),
            ("resource", [*portals, *_applications()]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = offered

    def clean_at(self) -> datetime | None:
        """A time that every zone has."""
        at: datetime | None = self.cleaned_data["at"]
        if at is not None and not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise ValidationError(gettext("This time is out of range."))
        return at

    def question(self) -> Question:
        """What is asked; the form must be valid."""
        data = self.cleaned_data
        portal = data["resource"] in set(ResourceType)
        flags = {"yes": True, "no": False}
        return Question(
            data["user"],
            data["at"] or localtime(),
            "" if portal else data["resource"],
            ResourceType(data["resource"]) if portal else ResourceType.USER_PORTAL,
            data["address"],
            data["country"],
            Device(
                flags.get(data["managed"]),
                flags.get(data["encrypted"]),
                data["system"] or None,
                data["version"] or None,
            ),
            Factor(data["factor"]) if data["factor"] else None,
        )


def lines(text: str) -> list[str]:
    """The lines that hold something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _web_address(text: str) -> str:
    if text and not is_web_address(text):
        raise ValidationError(
            gettext("Write a whole address that begins with https:// or http://.")
        )
    return text


def _applications() -> list[Choice]:
    rows = Application.objects.order_by("displayLabel", "pk").values_list("pk", "displayLabel")
    return list(rows[:MOST_CHOICES])


def _groups() -> list[Choice]:
    return list(UserGroup.objects.order_by("name").values_list("pk", "name")[:MOST_CHOICES])
