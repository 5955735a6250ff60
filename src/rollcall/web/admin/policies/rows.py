"""The form of one condition, of each kind: what is typed, and what it says in the vendor's JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.access.policies import countries
from rollcall.access.policies.decision import condition_parsing
from rollcall.access.policies.decision.condition_parsing import DAYS, SYSTEMS
from rollcall.access.policies.decision.faults import Malformed
from rollcall.access.policies.models import IpList
from rollcall.core.expressions import LONGEST
from rollcall.web.admin.policies import words
from rollcall.web.admin.policies.outline import Row

IS, IS_NOT = "is", "is-not"
MOST_LISTS: Final = 500


class RowForm(forms.Form):
    """One condition. `kind` is its name in the JSON."""

    kind: ClassVar[str]

    is_or_not = forms.ChoiceField(
        label=_("Holds where this"), choices=[(IS, _("is so")), (IS_NOT, _("is not so"))]
    )

    @property
    def label(self) -> str:
        """What the row asks for."""
        return str(words.CONDITIONS[self.kind])

    def quiet(self) -> None:
        """Show what was typed, and nothing of what may be wrong with it yet."""
        self._errors = ErrorDict()

    def row(self) -> Row:
        """The condition that was typed; the form must be valid."""
        data = self.cleaned_data
        return Row(self.kind, self.value(data), data["is_or_not"] == IS_NOT)

    def value(self, data: Mapping[str, Any]) -> Any:
        """What the leaf holds."""
        raise NotImplementedError

    @classmethod
    def typed(cls, row: Row) -> dict[str, Any]:
        """What would have been typed for this row."""
        return {"is_or_not": IS_NOT if row.negated else IS, **cls.read(row.value)}

    @classmethod
    def read(cls, value: Any) -> dict[str, Any]:
        """The fields of a leaf's value."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """The values, held against the rules that every door has."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                condition_parsing.parse({self.kind: self.value(data)})
            except Malformed as error:
                raise ValidationError(self.refusal(error)) from None
        return data

    def refusal(self, error: Malformed) -> str:
        """Why what was typed cannot be used."""
        return gettext("This cannot be used: {text}").format(text=error.faults[0].text)


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


class FactRow(RowForm):
    """A fact that is yes or no."""

    wanted = forms.ChoiceField(label=_("Value"), choices=[("yes", _("yes")), ("no", _("no"))])

    def value(self, data: Mapping[str, Any]) -> bool:
        """The one that is asked for."""
        return bool(data["wanted"] == "yes")

    @classmethod
    def read(cls, value: Any) -> dict[str, Any]:
        """The one that is asked for."""
        return {"wanted": "yes" if value else "no"}


class FactorsRow(FactRow):
    """The person has set up a second factor."""

    kind = "mfaConfigured"


class ManagedRow(FactRow):
    """The device is managed."""

    kind = "deviceManaged"


class EncryptedRow(FactRow):
    """The device's disk is encrypted."""

    kind = "deviceEncrypted"


class SystemRow(RowForm):
    """The device runs one of these systems."""

    kind = "operatingSystem"

    systems = forms.MultipleChoiceField(
        label=_("Operating systems"),
        choices=list(words.SYSTEMS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose an operating system.")},
    )

    def value(self, data: Mapping[str, Any]) -> list[str]:
        """Their names."""
        return list(data["systems"])

    @classmethod
    def read(cls, value: Any) -> dict[str, Any]:
        """Their names."""
        listed = [value] if isinstance(value, str) else value
        return {"systems": [str(system).lower() for system in listed]}


class VersionRow(RowForm):
    """The device runs this system in a version between two."""

    kind = "osVersion"

    system = forms.ChoiceField(
        label=_("Operating system"), choices=[(name, words.SYSTEMS[name]) for name in SYSTEMS]
    )
    at_least = forms.CharField(label=_("Version at least"), required=False, max_length=32)
    at_most = forms.CharField(label=_("Version at most"), required=False, max_length=32)

    def value(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """System and bounds."""
        bounds = {"atLeast": data["at_least"], "atMost": data["at_most"]}
        known = {name: bound for name, bound in bounds.items() if bound}
        return {"operatingSystem": data["system"], **known}

    @classmethod
    def read(cls, value: Any) -> dict[str, Any]:
        """System and bounds."""
        return {
            "system": str(value.get("operatingSystem", "")).lower(),
            "at_least": value.get("atLeast", ""),
            "at_most": value.get("atMost", ""),
        }

    def refusal(self, error: Malformed) -> str:
        """Which form a version has."""
        return gettext("Write at least one version, like 14.2.")


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
