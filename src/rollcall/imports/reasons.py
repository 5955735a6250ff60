"""Reasons in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django.utils import translation
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy

from rollcall.directory import labels
from rollcall.imports.labels import attribute_label
from rollcall.provisioning.reason import Reason

OF_FIELDS = ("field", "fields")
OF_COLUMNS = ("attribute", "attributes")
"""Parameters of a file's reasons; a column has the heading that somebody gave it, and no code."""

OF_COUNTS = (
    "count",
    "users",
    "limit",
    "before",
    "after",
    "expected",
    "received",
    "first",
    "last",
)
"""Parameters that are counts; `users` may also be a list of ids, which is left as it is."""

LONGEST_COUNT: Final = 12
"""Digits; what is longer is an id."""

STATUSES: Mapping[str, Promise] = {
    "active": pgettext_lazy("employee", "active"),
    "inactive": pgettext_lazy("employee", "inactive"),
    "leave": pgettext_lazy("employee", "on leave"),
    "onboarding": pgettext_lazy("employee", "onboarding"),
}
"""The words for where an employee stands."""


def text(reason: Reason, source: str) -> str:
    """The reason's sentence in the language of the page, fields called as the page calls them.

    `source` is what the source of the employees is called (`source_accounts.source_label`).
    """
    params = {name: _told(name, value) for name, value in reason.params.items()}
    if reason.code.startswith("csv_"):
        params |= {name: _columns(params[name]) for name in OF_COLUMNS if name in params}
    if (status := params.get("status", "")) in STATUSES:
        params["status"] = str(STATUSES[status])
    try:
        return replace(reason, params=params).text(source, gettext)
    except KeyError:  # written by a version that knew other reasons
        return reason.code


def in_english(reason: Reason, source: str) -> str:
    """The reason's sentence in English, whatever language is active: for what is stored."""
    with translation.override("en"):
        return text(reason, source)


def text_of_record(record: dict[str, Any] | None, source: str) -> str:
    """The sentence of a reason as a run keeps it (`Run.warnings`); "" for none."""
    return text(Reason.from_record(record), source) if record else ""


def _told(name: str, value: str) -> str:
    if name in OF_FIELDS:
        return _called(value)
    if name in OF_COUNTS and value.isdecimal() and len(value) <= LONGEST_COUNT:
        return number_format(int(value), use_l10n=True, force_grouping=True)
    return value


def _columns(attributes: str) -> str:
    return ", ".join(map(attribute_label, attributes.split(", ")))


def _called(fields: str) -> str:
    """A list of fields as people call them; a field that is only the directory's own stays."""
    names = (labels.FIELDS.get(field, field) for field in fields.split(", "))
    return ", ".join(gettext(name) for name in names if name)
