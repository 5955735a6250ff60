"""The forms of the e-mails about accounts: their texts, and their look."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.accounts import letters
from rollcall.accounts.letters import LONGEST_BODY, LONGEST_SUBJECT, Kind, Text
from rollcall.web.shell import pictures
from rollcall.web.shell.merging import MergingForm


class TextForm(MergingForm):
    """What one e-mail says in one language."""

    subject = forms.CharField(label=_("Subject"), max_length=LONGEST_SUBJECT)
    body = forms.CharField(
        label=_("Text"), max_length=LONGEST_BODY, widget=forms.Textarea(attrs={"rows": 14})
    )

    def __init__(self, data: Any, *, kind: Kind, text: Text) -> None:
        super().__init__(data, now={"subject": text.subject, "body": text.body})
        self._kind = kind
        known = ", ".join(f"{{{name}}}" for name in sorted(letters.PLACEHOLDERS[kind]))
        self.fields["body"].help_text = gettext(
            "An empty line begins a paragraph. Filled in: {placeholders}."
        ).format(placeholders=known)

    def clean_subject(self) -> str:
        """A subject of one line, without placeholders that nobody fills."""
        return self._known(" ".join(str(self.cleaned_data["subject"]).split()))

    def clean_body(self) -> str:
        """A text with its link, where it needs one, and without unknown placeholders."""
        body = self._known(str(self.cleaned_data["body"]).replace("\r\n", "\n"))
        if letters.lacks_link(self._kind, body):
            raise forms.ValidationError(gettext("The text needs {link}: without it, it is no use."))
        return body

    @property
    def text(self) -> Text:
        """What was typed, once it is valid."""
        return Text(self.cleaned_data["subject"], self.cleaned_data["body"])

    def _known(self, text: str) -> str:
        if wrong := letters.unknown(self._kind, text):
            line = gettext("This e-mail has nothing for {names}.")
            raise forms.ValidationError(line.format(names=", ".join(wrong)))
        return text


class LookForm(forms.Form):
    """Colour and logo of all of them, and whether one welcomes."""

    color = forms.RegexField(
        label=_("Colour"),
        regex=letters.COLOR.pattern + r"\Z",
        widget=forms.TextInput(attrs={"type": "color"}),
        error_messages={"invalid": _("Write a colour such as #0f5a6b.")},
    )
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("A PNG, JPEG or GIF picture of at most 100 kB."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/gif"}),
    )
    no_logo = forms.BooleanField(label=_("Take the logo away"), required=False)
    welcomes = forms.BooleanField(
        label=_("Welcome e-mail"),
        required=False,
        help_text=_("For whoever has just set a first password."),
    )

    def clean_logo(self) -> str | None:
        """The picture as a `data:` address; None where none was chosen."""
        file = self.cleaned_data["logo"]
        return pictures.data_address(file) if file else None
