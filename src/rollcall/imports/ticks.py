"""Ticks: that somebody agrees to a user's becoming an employee's, given one by one or for all."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.imports.errors import WrongState
from rollcall.imports.events import record_run
from rollcall.imports.labels import state_label
from rollcall.imports.models import ChangeRecord, Run, RunState
from rollcall.imports.options import Options
from rollcall.provisioning.consent import Consent


def asking(changes: QuerySet[ChangeRecord]) -> QuerySet[ChangeRecord]:
    """Those of the changes that need a tick."""
    return changes.exclude(asks="")


def waiting(changes: QuerySet[ChangeRecord]) -> QuerySet[ChangeRecord]:
    """Those of the changes that need a tick and have none yet."""
    return asking(changes).filter(ticked=False)


def allowed(changes: QuerySet[ChangeRecord]) -> QuerySet[ChangeRecord]:
    """Those of the changes that may be carried out: they need no tick, or have it."""
    return changes.filter(Q(asks="") | Q(ticked=True))


def tick(actor: Actor, run_id: UUID, named: QuerySet[ChangeRecord], *, ticked: bool = True) -> int:
    """Agree to these takeovers of a run in review, or no longer; how many that changes.

    Raises:
        WrongState: the review is over.
    """
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run_id)
        if run.state != RunState.REVIEW:
            raise WrongState(
                f"run {run.number} is not in review ({state_label(run.state)}): nothing was ticked"
            )
        # By their keys: a list that is sorted or searched cannot be updated as it is.
        changing = asking(run.changes.filter(ticked=not ticked)).order_by()
        changing = changing.filter(pk__in=named.order_by().values("pk"))
        people = list(changing.values_list("employee_id", flat=True)[:MOST_NAMED])
        count = changing.update(ticked=ticked)
        if count:
            sides = {"ticked": not ticked}, {"ticked": ticked, "count": count, "employees": people}
            record_run(actor, Action.IMPORT_TICK, run, *sides)
    return count


MOST_NAMED = 50
"""How many employees an event of ticks names."""


def fitting_nobody(changes: QuerySet[ChangeRecord], options: Options) -> list[str]:
    """Those ids of the option `same_person` about which nothing was asked."""
    named = set(options.same_person)
    if not named:
        return []
    asked = changes.filter(asks=Consent.SAME_PERSON.value, employee_id__in=named).order_by()
    return sorted(named.difference(asked.values_list("employee_id", flat=True)))


def tick_beforehand(changes: QuerySet[ChangeRecord], options: Options) -> None:
    """Tick what the run's options agree to, in one statement; none where they agree to nothing."""
    agreed = Q()
    if options.adopt:
        agreed |= Q(asks=Consent.ADOPT.value)
    if options.same_person:
        agreed |= Q(asks=Consent.SAME_PERSON.value, employee_id__in=options.same_person)
    if agreed:
        changes.filter(agreed).order_by().update(ticked=True)
