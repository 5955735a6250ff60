"""Whose personal data, and the words that somebody types before it is erased."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

LONGEST_NAME: Final = 320
"""Characters of what names a person; the longest is a source's account and an id there."""


class PersonForm(forms.Form):
    """Whom to look for."""

    person = forms.CharField(
        label=_("Person"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "An e-mail, a username, the id of a user, or the id that a source knows the person by."
        ),
    )


class ErasureForm(forms.Form):
    """The name of the person once more, typed by hand."""

    typed = forms.CharField(
        max_length=LONGEST_NAME, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, word: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self._word = word
        self.fields["typed"].label = gettext("Type {word} to erase this person").format(word=word)

    def clean_typed(self) -> str:
        """What was typed, which has to be the name."""
        typed = str(self.cleaned_data["typed"])
        if typed.casefold() != self._word.casefold():
            raise forms.ValidationError(gettext("This is not the name above."))
        return typed
