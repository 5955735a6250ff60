"""Which users an import brought, and the choices of imports and groups in drop-downs."""

from __future__ import annotations

from typing import Final

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from rollcall.core.text import shortened
from rollcall.directory.models import User, UserGroup, UserQuerySet
from rollcall.imports.models import ChangeRecord, Run
from rollcall.imports.open_targets import BUILTIN
from rollcall.imports.people import BROUGHT
from rollcall.provisioning.change import Result
from rollcall.web.shell.lists import distinct
from rollcall.web.shell.lists.columns import Text

RUNS_SHOWN: Final = 50
NAME_SHOWN: Final = 60
"""How many characters of a group's name a drop-down shows."""

IMPORTED: Final = (*BROUGHT, Result.SUSPENDED)
"""The results of employees whom an import has brought to a user."""


def find_imported(run_number: str) -> UserQuerySet:
    """The users whom the run of this number has brought or kept up to date."""
    run = find_run(run_number)
    if run is None:
        return User.objects.none()
    changes = ChangeRecord.objects.filter(run=run, result__in=[result.value for result in IMPORTED])
    return User.objects.filter(pk__in=changes.values("user_id"))


def find_run(run_number: str) -> Run | None:
    """The run of this number, which comes from an address or a form; None where there is none."""
    # Ten digits do not fit the column.
    if not run_number.isdecimal() or len(run_number) > 9:
        return None
    return Run.objects.filter(number=int(run_number)).first()


def run_choices() -> list[tuple[str, Text]]:
    """The last imports into this directory, as a drop-down names them."""
    here = Run.objects.filter(target=BUILTIN).order_by("-number")
    runs = here.values_list("number", "started_at")[:RUNS_SHOWN]
    return [
        (
            str(number),
            gettext("Import {n}, {date}").format(
                n=number, date=date_format(localtime(at), "SHORT_DATE_FORMAT")
            ),
        )
        for number, at in runs
    ]


def group_choices() -> list[tuple[str, Text]]:
    """The first few hundred user groups by name."""
    groups = UserGroup.objects.order_by("name").values_list("pk", "name")
    return [(key, _short(name)) for key, name in groups[: distinct.MOST]]


def _short(name: str) -> str:
    return shortened(name, NAME_SHOWN)
