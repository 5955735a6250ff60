"""The form of events: how long they are kept, and where they are handed on to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.audit import keeping
from rollcall.audit.actor import Actor
from rollcall.audit.models import Keeping, Stream
from rollcall.audit.streaming import destinations
from rollcall.core.outgoing import addresses
from rollcall.web.shell.merging import MergingForm

KEEPING = ("sign_ins_days", "others_days")
STREAM = ("destination", "url")
LONGEST_DAYS = 99_999


class EventsForm(MergingForm):
    """Days of sign-ins and of other events, and what takes a copy of each event."""

    sign_ins_days = forms.IntegerField(
        label=_("Days that sign-ins are kept"),
        required=False,
        min_value=1,
        max_value=LONGEST_DAYS,
    )
    others_days = forms.IntegerField(
        label=_("Days that other events are kept"),
        required=False,
        min_value=1,
        max_value=LONGEST_DAYS,
    )
    destination = forms.ChoiceField(
        label=_("Every event is handed on to"),
        required=False,
        widget=forms.RadioSelect,
        choices=(
            ("", _("nothing")),
            (Stream.Destination.FILE.value, _("a file in the data folder (events.jsonl)")),
            (Stream.Destination.COLLECTOR.value, _("a collector (SIEM)")),
        ),
    )
    url = forms.CharField(
        label=_("Address of the collector"),
        max_length=2048,
        required=False,
        widget=forms.TextInput({"type": "url"}),
        help_text=_("Lines of JSON are sent there by POST."),
    )
    token = forms.CharField(
        label=_("Token for the collector"),
        max_length=1024,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: QueryDict | None, *, keeping: Keeping, stream: Stream) -> None:
        super().__init__(data, now=values_of(keeping, stream))
        self.is_outside = destinations.from_outside() is not None
        self.stream = stream
        days = (settings.KEEP_SIGN_INS.days, settings.KEEP_RUNS.days)
        for name, number in zip(KEEPING, days, strict=True):
            self.fields[name].help_text = gettext("Empty: {number}").format(number=number)
        if stream.sealed_token:
            self.fields["token"].help_text = gettext(
                "One is kept, encrypted, and not shown again. Enter another one to replace it."
            )
        else:
            self.fields["token"].help_text = gettext("Sent as “Authorization: Bearer”.")
        if self.is_outside:
            for name in (*STREAM, "token"):
                del self.fields[name]

    def clean_url(self) -> str:
        """An address that events may be sent to; empty where none is needed."""
        url = str(self.cleaned_data["url"]).strip()
        if url and not addresses.is_address(url):
            raise forms.ValidationError(
                gettext("Write a whole address, such as https://siem.example.com/events.")
            )
        # Whoever changes settings must not have the server send events wherever they like.
        if url and not addresses.is_allowed(url):
            raise forms.ValidationError(
                gettext(
                    "Events may not be sent to this address. Whoever runs Rollcall lists it in "
                    "ROLLCALL_ALLOWED_ADDRESSES."
                )
            )
        return url

    def clean(self) -> dict[str, Any]:
        """A collector has an address, and a kept token is sent nowhere else."""
        data = super().clean() or {}
        if self.is_outside or "url" in self.errors:
            return data
        chosen = data.get("destination") == Stream.Destination.COLLECTOR
        if chosen and not data.get("url"):
            self.add_error("url", gettext("A collector needs an address."))
        moved = bool(self.stream.sealed_token) and data.get("url") != self.initial["url"]
        if chosen and moved and not data.get("token"):
            self.add_error("token", gettext("Another address needs the token again."))
        return data

    def save(self, actor: Actor) -> None:
        """Store what was changed."""
        days = [self._merged(name) for name in KEEPING]
        keeping.choose(actor, *days)
        if not self.is_outside:
            destination, url = (str(self._merged(name)) for name in STREAM)
            token = str(self.cleaned_data.get("token") or "")
            destinations.choose(actor, destination, url, token)

    def _merged(self, name: str) -> Any:
        """The valid value where it was changed here, else the one that is stored now."""
        return self.cleaned_data.get(name) if self.is_edited(name) else self.initial[name]


def values_of(keeping: Keeping, stream: Stream) -> dict[str, Any]:
    """The settings as the form shows them."""
    return {
        "sign_ins_days": keeping.sign_ins_days,
        "others_days": keeping.others_days,
        "destination": stream.destination,
        "url": stream.url,
    }
