"""The blanks of a preset as fields of a form: what only the organization knows of its account."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext

from rollcall.access.presets.preset import Blank, Kind, Misfit, filled


def add_fields(form: forms.Form, blanks: Iterable[Blank]) -> None:
    """Put a field for each blank before the form's own fields."""
    own = list(form.fields)
    for blank in blanks:
        form.fields[field_name(blank)] = forms.CharField(
            label=gettext(blank.label),
            required=False,
            max_length=2048,
            widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "off"}),
            help_text=gettext("For example {example}").format(example=blank.example),
        )
    form.order_fields([*(field_name(blank) for blank in blanks), *own])


def field_name(blank: Blank) -> str:
    """The name of the blank's field."""
    return f"blank_{blank.name}"


def read(form: forms.Form, blanks: Iterable[Blank]) -> dict[str, str] | None:
    """What was filled in, by the blanks' names; None where one does not fit, which is then said."""
    values: dict[str, str] = {}
    for blank in blanks:
        try:
            values[blank.name] = blank.read(str(form.cleaned_data.get(field_name(blank), "")))
        except Misfit:
            form.add_error(field_name(blank), _wanted(blank))
    return None if form.errors else values


def filled_lines(patterns: Iterable[str], values: dict[str, str]) -> str:
    """These addresses with their blanks filled in, one on each line."""
    return "\n".join(filled(pattern, values) for pattern in patterns)


def _wanted(blank: Blank) -> str:
    wanted: dict[Kind, str] = {
        Kind.HOST: gettext("Write the host alone, such as {example}."),
        Kind.WORD: gettext("Write the name alone, such as {example}."),
        Kind.ADDRESS: gettext("Write a whole address that begins with https://."),
    }
    return wanted[blank.kind].format(example=blank.example)


def bound_fields(form: forms.Form, blanks: Iterable[Blank]) -> list[Any]:
    """The blanks' fields, to be shown."""
    return [form[field_name(blank)] for blank in blanks]
