"""The words for results, kinds and states of a run, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_RESULTS: Mapping[str, Promise] = {
    # With a context: what failed and what is skipped need not be called the same in every language.
    "created": pgettext_lazy("result", "Created"),
    "updated": pgettext_lazy("result", "Updated"),
    "unchanged": pgettext_lazy("result", "Unchanged"),
    "suspended": pgettext_lazy("result", "Suspended"),
    "reactivated": pgettext_lazy("result", "Reactivated"),
    "activated": pgettext_lazy("result", "Activated"),
    "skipped": pgettext_lazy("result", "Skipped"),
    "conflict": pgettext_lazy("result", "Conflict"),
    "invalid": pgettext_lazy("result", "Invalid"),
    "failed": pgettext_lazy("result", "Failed"),
}
_KINDS: Mapping[str, Promise] = {
    "create": pgettext_lazy("kind", "Create"),
    "update": pgettext_lazy("kind", "Update"),
    "suspend": pgettext_lazy("kind", "Suspend"),
    "reactivate": pgettext_lazy("kind", "Reactivate"),
    "activate": pgettext_lazy("kind", "Activate"),
    "link_manager": pgettext_lazy("kind", "Link manager"),
    "unchanged": pgettext_lazy("kind", "Unchanged"),
    "skip": pgettext_lazy("kind", "Skip"),
    "conflict": pgettext_lazy("kind", "Conflict"),
    "invalid": pgettext_lazy("kind", "Invalid"),
}
_STATES: Mapping[str, Promise] = {
    "fetching": _("Reading employees"),
    "planning": _("Planning"),
    "review": _("In review"),
    "applying": _("Writing users"),
    "linking": _("Linking managers"),
    "completed": _("Completed"),
    "failed": pgettext_lazy("run", "Failed"),
    "cancelled": _("Cancelled"),
    "stopped": _("Stopped by a safeguard"),
}

_ATTRIBUTES: Mapping[str, Promise] = {
    "id": _("Employee ID"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "email": _("E-mail"),
    "status": _("Employee's status"),
    "position": _("Job title"),
    "supervisor": _("Supervisor (ID or e-mail)"),
    "employment_type": _("Employee type"),
    "subcompany": _("Company"),
    "office": _("Location"),
    "department": _("Department"),
    "cost_centers": _("Cost center"),
    "hire_date": _("First day"),
    "termination_date": _("Last day"),
    "last_modified": _("Last modified"),
}
"""What people call what a source says of an employee."""


def result_label(result: str) -> str:
    """The word for a result (`change.Result`)."""
    return str(_RESULTS.get(result, result))


def kind_label(kind: str) -> str:
    """The word for what a change does (`change.Kind`)."""
    return str(_KINDS.get(kind, kind))


def state_label(state: str) -> str:
    """The words for where a run stands (`models.RunState`)."""
    return str(_STATES.get(state, state))


def attribute_label(attribute: str) -> str:
    """The word for what a source says of an employee; an unknown attribute stays as it is."""
    return str(_ATTRIBUTES.get(attribute, attribute))
