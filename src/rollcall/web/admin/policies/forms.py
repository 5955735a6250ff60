"""The form of a policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.access.policies.decision.parsing import LONGEST_MESSAGE, MOST_MINUTES
from rollcall.core.labels import is_web_address
from rollcall.web.admin.policies import choices, people, words
from rollcall.web.shell.merging import MergingForm

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
        self._offer("applications", choices.applications(), now)
        groups = choices.groups()
        self._offer("groups", groups, now)
        self._offer("not_groups", groups, now)

    def _offer(self, name: str, offered: list[choices.Choice], now: Mapping[str, Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        known = {value for value, _label in offered}
        # What was deleted since stays chosen until somebody takes it away.
        gone = [(value, value) for value in now.get(name, ()) if value not in known]
        field.choices = [*offered, *gone]

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


def _web_address(text: str) -> str:
    if text and not is_web_address(text):
        raise ValidationError(
            gettext("Write a whole address that begins with https:// or http://.")
        )
    return text
