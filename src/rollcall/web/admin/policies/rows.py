"""The form of one condition, of each kind: what is typed, and what it says in the vendor's JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.access.policies import countries
from rollcall.access.policies.decision.condition_parsing import DAYS
from rollcall.access.policies.decision.faults import Malformed
from rollcall.access.policies.models import IpList
from rollcall.core.expressions import LONGEST
from rollcall.web.admin.policies import words
from rollcall.web.admin.policies.device_rows import (
    EncryptedRow,
    ManagedRow,
    SystemRow,
    VersionRow,
)
from rollcall.web.admin.policies.row_form import FactRow, RowForm

MOST_LISTS: Final = 500


class AddressRow(RowForm):
    """The address is in one of these IP lists."""

    kind = "ipAddressIn"

    lists = forms.MultipleChoiceField(
        label=_("IP Lists"),
        error_messages={"required": _("Choose an IP list.")},
        help_text=_("Several may be chosen: one of them is enough."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["lists"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        named = IpList.objects.order_by("name").values_list("pk", "name")[:MOST_LISTS]
        field.choices = list(named)

    def value(self, data: Mapping[str, Any]) -> list[str]:
        """The lists' ids."""
        return list(data["lists"])

    @classmethod
    def read(cls, value: Any) -> dict[str, Any]:
        """The lists' ids."""
        return {"lists": value}


class CountryRow(RowForm):
    """The address is in one of these countries."""

    kind = "locationIn"

    countries = forms.CharField(
        label=_("Countries"),
        max_length=1000,
        help_text=_("Codes of two letters with commas between, like DE, AT."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if countries.current().problem is not None:
            known = str(self.fields["countries"].help_text)
            none = gettext("No country is known, and no condition that needs one holds.")
            self.fields["countries"].help_text = f"{known} {none}"

    def value(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The codes."""
        codes = str(data["countries"]).replace(",", " ").upper().split()
        return {"countries": codes}

    @classmethod
    def read(cls, value: Any) -> dict[str, Any]:
        """The codes."""
        listed = value.get("countries") if isinstance(value, Mapping) else value
        return {"countries": ", ".join(map(str, listed or []))}

    def refusal(self, error: Malformed) -> str:
        """Which form a country has."""
        return gettext("Write countries as two letters each, like DE.")


class FactorsRow(FactRow):
    """The person has set up a second factor."""

    kind = "mfaConfigured"


class HoursRow(RowForm):
    """The time is on one of these days, between two hours."""

    kind = "time"

    days = forms.MultipleChoiceField(
        label=_("Days"),
        choices=list(zip(DAYS, words.DAYS, strict=True)),
        widget=forms.CheckboxSelectMultiple,
        initial=list(DAYS[:5]),
        error_messages={"required": _("Choose a day.")},
    )
    start = forms.TimeField(
        label=_("Begins at"),
        initial="08:00",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    until = forms.TimeField(
        label=_("Ends at"),
        initial="18:00",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("An end that is not after the beginning is on the next day."),
    )
    zone = forms.CharField(
        label=_("Time zone"), max_length=64, help_text=_("By name, like Europe/Berlin.")
    )

    def value(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Days, hours and zone."""
        return {
            "days": list(data["days"]),
            "from": f"{data['start']:%H:%M}",
            "until": f"{data['until']:%H:%M}",
            "zone": data["zone"],
        }

    @classmethod
    def read(cls, value: Any) -> dict[str, Any]:
        """Days, hours and zone."""
        return {
            "days": [str(day).lower() for day in value.get("days", DAYS)],
            "start": value.get("from", "00:00"),
            "until": value.get("until", "00:00"),
            "zone": value.get("zone", ""),
        }

    def refusal(self, error: Malformed) -> str:
        """Which form a zone has."""
        return gettext("There is no such time zone; write one like Europe/Berlin.")


class ExpressionRow(RowForm):
    """A CEL expression holds."""

    kind = "expression"

    text = forms.CharField(
        label=_("Expression"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_(
            "Common Expression Language, like 'g7' in group_ids. It knows user_id, group_ids, "
            "resource, application_id, ip, country, device_managed, device_encrypted, "
            "operating_system, os_version, mfa_configured, mfa and now."
        ),
    )

    def value(self, data: Mapping[str, Any]) -> str:
        """The expression."""
        return str(data["text"])

    @classmethod
    def read(cls, value: Any) -> dict[str, Any]:
        """The expression."""
        return {"text": value}


FORMS: Final[Mapping[str, type[RowForm]]] = {
    form.kind: form
    for form in (
        AddressRow,
        CountryRow,
        FactorsRow,
        HoursRow,
        ManagedRow,
        EncryptedRow,
        SystemRow,
        VersionRow,
        ExpressionRow,
    )
}


def choices() -> Sequence[tuple[str, str]]:
    """The kinds of rows, for the menu that adds one."""
    return [(kind, str(words.CONDITIONS[kind])) for kind in FORMS]


def valid(forms_: Iterable[RowForm]) -> bool:
    """Whether all of them are; each is asked, so that each shows what is wrong."""
    answers = [form.is_valid() for form in forms_]
    return all(answers)
