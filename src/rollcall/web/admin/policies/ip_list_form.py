"""The form of an IP list."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.access.policies.decision import address_lists
from rollcall.web.shell.merging import MergingForm


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


def lines(text: str) -> list[str]:
    """The lines that hold something."""
    return [line.strip() for line in text.splitlines() if line.strip()]
