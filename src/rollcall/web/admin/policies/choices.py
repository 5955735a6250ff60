"""What the forms of Security Management offer to choose from."""

from __future__ import annotations

from typing import Final, TypeAlias

from django.utils.functional import Promise

from rollcall.directory.models import Application, UserGroup

MOST: Final = 1000
"""Applications and groups in a menu."""

Choice: TypeAlias = "tuple[str, str | Promise]"


def applications() -> list[Choice]:
    """The applications by label."""
    rows = Application.objects.order_by("displayLabel", "pk").values_list("pk", "displayLabel")
    return list(rows[:MOST])


def groups() -> list[Choice]:
    """The user groups by name."""
    return list(UserGroup.objects.order_by("name").values_list("pk", "name")[:MOST])
