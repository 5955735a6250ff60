"""Attribute mapping as rows of a form: what the application calls it, and what stands in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext, gettext_lazy

from rollcall.access.attribute_mapping import MOST_RULES, USER_ATTRIBUTES, ClaimRule, Kind, refusals

EMPTY_ROWS: Final = 2
"""How many rows a form has beside those that are filled in; saving makes more."""
LIST: Final = "user-attributes"
"""The id of the list of user attributes that the fields offer."""
KINDS: Final = (
    (Kind.ATTRIBUTE.value, gettext_lazy("User attribute")),
    (Kind.CONSTANT.value, gettext_lazy("Constant")),
    (Kind.GROUPS.value, gettext_lazy("User groups")),
)


Row = tuple[forms.BoundField, ...]
"""The three fields of one row: name, kind, value."""


def values_of(rules: Sequence[ClaimRule]) -> dict[str, str]:
    """The rules as the fields show them."""
    values: dict[str, str] = {}
    for number, rule in enumerate(rules):
        values |= {
            f"rule_{number}_name": rule.name,
            f"rule_{number}_kind": rule.kind.value,
            f"rule_{number}_value": rule.value,
        }
    return values


def add_fields(form: forms.Form, rules: Sequence[ClaimRule]) -> None:
    """Put the rows' fields into the form: those of the rules, or as many as were sent."""
    for number in range(_count(form, rules)):
        label = {"number": number + 1}
        form.fields[f"rule_{number}_name"] = forms.CharField(
            label=gettext("Name there, row {number}").format(**label),
            max_length=256,
            required=False,
            widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "off"}),
        )
        form.fields[f"rule_{number}_kind"] = forms.ChoiceField(
            label=gettext("Kind, row {number}").format(**label),
            choices=KINDS,
            required=False,
        )
        form.fields[f"rule_{number}_value"] = forms.CharField(
            label=gettext("Attribute or text, row {number}").format(**label),
            max_length=1024,
            required=False,
            widget=forms.TextInput(attrs={"spellcheck": "false", "list": LIST}),
        )


def rows_of(form: forms.Form) -> Iterator[Row]:
    """The rows, to be shown."""
    number = 0
    while f"rule_{number}_name" in form.fields:
        yield tuple(form[f"rule_{number}_{part}"] for part in ("name", "kind", "value"))
        number += 1


def read(form: forms.Form, values: Mapping[str, Any]) -> tuple[ClaimRule, ...]:
    """The rules in these values; what is wrong with one is said beside its row."""
    rules: list[ClaimRule] = []
    for number in range(MOST_RULES + EMPTY_ROWS):
        name, value = (str(values.get(f"rule_{number}_{part}") or "") for part in ("name", "value"))
        if not (name or value):
            continue
        kind = Kind(values.get(f"rule_{number}_kind") or Kind.ATTRIBUTE.value)
        rule = ClaimRule(name, kind, "" if kind is Kind.GROUPS else value)
        for refusal in refusals([rule], "rule"):
            part = "name" if refusal.value in ("", name) and refusal.value != value else "value"
            form.add_error(f"rule_{number}_{part}", _said(rule, part))
        rules.append(rule)
    for refusal in refusals(rules, "rule"):
        if refusal.code in ("named_twice", "too_many"):
            form.add_error(None, gettext("A name may stand in one row only, in at most 50 rows."))
    return tuple(rules)


def row_named(form: forms.Form, name: str) -> str:
    """The field in which this name was typed."""
    return next(row[0].name for row in rows_of(form) if str(row[0].value()).strip() == name)


def _said(rule: ClaimRule, part: str) -> str:
    if part == "name":
        return gettext("Write the name that the application knows.")
    if rule.kind is Kind.CONSTANT:
        return gettext("Write the text that the application is told.")
    return gettext("Choose one of: {names}, attributes.NAME.").format(
        names=", ".join(USER_ATTRIBUTES)
    )


def _count(form: forms.Form, rules: Sequence[ClaimRule]) -> int:
    sent = sum(name.startswith("rule_") and name.endswith("_name") for name in form.data)
    return min(max(len(rules) + EMPTY_ROWS, sent), MOST_RULES + EMPTY_ROWS)
