"""Everyone of an import: the users whom it brought or found, to be put into a group together."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet

from rollcall.directory.models import User, UserQuerySet
from rollcall.imports.models import ChangeRecord, Run
from rollcall.imports.open_targets import BUILTIN
from rollcall.provisioning.change import Result
from rollcall.provisioning.user import State

BROUGHT: Final = (
    Result.CREATED,
    Result.UPDATED,
    Result.UNCHANGED,
    Result.ACTIVATED,
    Result.REACTIVATED,
)
"""The results of employees who belong to everyone of an import."""


def everyone_of(run: Run) -> UserQuerySet:
    """The users of everyone of this import; nobody who is suspended, by it or by anybody else.

    Whom it left out, skipped or failed at is not of it, though a user may be known.
    """
    changes = _brought(run).values("user_id")
    return User.objects.filter(pk__in=changes).exclude(state=State.SUSPENDED.value)


def ids_of_everyone(run: Run) -> list[str]:
    """The same by their ids, also where the users are in another directory than our own."""
    if run.target == BUILTIN:
        return list(everyone_of(run).order_by().values_list("pk", flat=True))
    return list(_brought(run).values_list("user_id", flat=True))


def _brought(run: Run) -> QuerySet[ChangeRecord]:
    changes = ChangeRecord.objects.filter(run=run, result__in=[one.value for one in BROUGHT])
    return changes.exclude(user_id="")
