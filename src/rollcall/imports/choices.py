"""Whose changes a run in review carries out: everybody's, or those that somebody chose."""

from __future__ import annotations

import enum
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.imports.errors import WrongState
from rollcall.imports.events import record_run
from rollcall.imports.models import ChangeRecord, Run, RunState
from rollcall.provisioning.change import WRITING

WRITING_KINDS: Final = [kind.value for kind in WRITING]
"""The kinds of change that there is anything to choose about."""


class Choice(enum.StrEnum):
    """What is done with the changes that somebody names."""

    EVERYONE = "everyone"
    INCLUDE = "include"
    EXCLUDE = "exclude"
    ONLY = "only"


def choose(actor: Actor, run_id: UUID, choice: Choice, named: QuerySet[ChangeRecord]) -> None:
    """Pick whose changes a run in review carries out; `EVERYONE` does not look at `named`.

    Raises:
        WrongState: the review is over.
    """
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run_id)
        if run.state != RunState.REVIEW:
            raise WrongState(f"run {run.number} is {run.state}, not in review: nothing was done")
        # Who needs no write is left alone: to leave somebody out would change nothing.
        changes = run.changes.filter(kind__in=WRITING_KINDS)
        before = _chosen(changes)
        _apply(choice, changes, changes.filter(pk__in=named.order_by().values("pk")))
        sides = {"chosen": before}, {"chosen": _chosen(changes)}
        record_run(actor, Action.IMPORT_CHOOSE, run, *sides)


def _apply(choice: Choice, changes: QuerySet[ChangeRecord], named: QuerySet[ChangeRecord]) -> None:
    match choice:
        case Choice.EVERYONE:
            changes.filter(chosen=False).update(chosen=True)
        case Choice.INCLUDE:
            named.update(chosen=True)
        case Choice.EXCLUDE:
            named.update(chosen=False)
        case Choice.ONLY:
            changes.exclude(pk__in=named.values("pk")).update(chosen=False)
            named.update(chosen=True)


def _chosen(changes: QuerySet[ChangeRecord]) -> int:
    return changes.filter(chosen=True).order_by().count()
