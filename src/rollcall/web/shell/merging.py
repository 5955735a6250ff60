"""Forms that two people may have open at once: fields are merged, a clash in one is shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext

from rollcall.core.text import settled

SEEN: Final = "seen"
"""The hidden field in which a form carries the values that it was opened with."""

LONGEST: Final = 200_000
"""How many characters of it are read; what a form holds is far below."""


class MergingForm(forms.Form):
    """A form that remembers what it was opened with, so that only what was changed is written.

    `now` are the values of the object as the form shows them; nothing for a new one.
    """

    def __init__(
        self, data: Mapping[str, Any] | None, *args: Any, now: Mapping[str, Any], **more: Any
    ) -> None:
        super().__init__(data, *args, **{"initial": now, **more})
        self.opened_with = _texts(now) if data is None else _said(data)
        self.fields[SEEN] = forms.CharField(
            required=False, widget=forms.HiddenInput, initial=self.opened_with_text
        )

    @property
    def opened_with_text(self) -> str:
        """What the form carries with it of the values that it was opened with."""
        return json.dumps(self.opened_with)

    def is_edited(self, name: str) -> bool:
        """Whether the field was changed; all were where the form does not say what it saw."""
        return self.opened_with.get(name) != _text(self[name].data)

    def edited(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Of these values by their fields, those that were changed in the form."""
        return {
            name: value for name, value in values.items() if name != SEEN and self.is_edited(name)
        }

    def clashes(self, now: Mapping[str, Any]) -> bool:
        """Whether somebody else has changed what was changed here; shows both values if so.

        `now` are the values as they are when the form is saved. Saving once more writes what was
        typed.
        """
        clash = False
        for name, value in _texts(now).items():
            known = name in self.opened_with and name in self.fields and self.is_edited(name)
            if not known or value in (self.opened_with[name], _text(self[name].data)):
                continue
            # Seen from now on, so that saving again is a decision and no accident.
            self.opened_with[name] = value
            self.add_error(name, self._clash(name, value))
            clash = True
        if clash:
            data = cast(QueryDict, self.data).copy()
            data[SEEN] = self.opened_with_text
            self.data = data
        return clash

    def _clash(self, name: str, value: str) -> str:
        choices = dict(getattr(self.fields[name], "choices", ()))
        message = gettext(
            "{field}: somebody else has written “{value}” meanwhile. Save again to write yours."
        )
        words = {"True": gettext("yes"), "False": gettext("no"), **choices}
        return message.format(field=self.fields[name].label, value=words.get(value, value))


def _said(data: Mapping[str, Any]) -> dict[str, str]:
    """What the form says that it was opened with; nothing where it says nothing usable."""
    text = str(data.get(SEEN, ""))
    try:
        said = json.loads(text) if len(text) <= LONGEST else {}
    except (ValueError, RecursionError):
        return {}
    known = said.items() if isinstance(said, dict) else ()
    return {name: value for name, value in known if isinstance(value, str)}


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in values.items()}


def _text(value: Any) -> str:
    """The value as it is compared: what a browser does to a text on its way changes nothing."""
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(sorted(map(str, value)))
    return "" if value is None else settled(str(value).replace("\r\n", "\n"))
