"""The second pass: once everybody's user is there, they get their managers, batch by batch."""

from __future__ import annotations

from itertools import count
from typing import Final, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT

from rollcall.imports.batch_journal import LastLinkJournal, LinkJournal
from rollcall.imports.lease import change_held, held
from rollcall.imports.models import ChangeRecord, Run, RunState
from rollcall.imports.open_targets import target_of
from rollcall.provisioning.change import RESULT_OF, Kind, ManagerLink, Outcome, Result
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.serialization import fields_from_record, link_from_record
from rollcall.targets.base import Link

WRITTEN = [
    result.value
    for result in (
        Result.CREATED,
        Result.UPDATED,
        Result.SUSPENDED,
        Result.REACTIVATED,
        Result.ACTIVATED,
    )
]
"""The results of employees whose user is there and was written to."""


CIRCLE: Final = "manager_circle"
"""Why a link was refused that may hold once the batches after it are linked too."""


class Row(NamedTuple):
    """What linking reads of a change.

    `manager` is who it is to be, as the plan wrote it down; `made` the id of that employee's user
    where the plan has just made it, or made it theirs.
    """

    pk: int
    seq: int
    kind: str
    employee_id: str
    user_id: str
    manager: dict[str, str | None]
    made: str | None
    fields: list[list[str | None]]

    @property
    def seen(self) -> tuple[str | None] | None:
        """The manager whom the plan saw, where it wrote down that it changes."""
        changes = fields_from_record(self.fields)
        return next(
            ((change.before or None,) for change in changes if change.field == "manager"), None
        )

    @property
    def link(self) -> ManagerLink:
        """Who it is to be; nobody where neither id is there."""
        return link_from_record(self.manager) or ManagerLink()

    @property
    def outcome(self) -> Outcome:
        """How the employee came out where the manager is linked."""
        return Outcome(self.employee_id, RESULT_OF[Kind(self.kind)], self.user_id)


def link_some(run: Run) -> bool:
    """Link the managers of the next employees that wait for it; whether there may be more.

    Of the run it goes by what never changes, and reads how far it has come.
    """
    # Also the proof that the run is still this process's to go on with.
    change_held(run.pk, state=RunState.LINKING)
    size = target_of(run).batch_size
    so_far = Run.objects.filter(pk=run.pk).order_by().values("linked_to")
    # Whoever was not written keeps the manager of before: half a change would be neither plan nor
    # directory.
    waiting = _with_manager(run).filter(seq__gte=Subquery(so_far), result__in=WRITTEN)
    rows = _rows(waiting, size)
    if rows:
        links, lost = _links(rows)
        linked_to = rows[-1].seq + 1
        journal = LinkJournal(run.pk, f"link-{rows[0].seq}", linked_to)
        target_of(run).link_managers(links, journal)
        # A directory elsewhere records failures alone: without one, how far this went is noted
        # here.
        if lost or not journal.noted:
            _note_linked(run.pk, linked_to, lost)
    return len(rows) == size


def link_the_refused(run_id: UUID) -> bool:
    """Try the links that were refused as a circle again, once all others are made; whether any.

    A batch may end between two people who change places: the first link closes a circle that the
    second one opens. They are tried for as long as any of them is made: where the end has no
    circle, there is always one link that closes none.
    """
    run = held(run_id)
    refused = _with_manager(run).filter(result=Result.FAILED.value, error__code=CIRCLE)
    left = at_first = refused.count()
    for turn in count(1):
        before = left
        if not before:
            break
        _link_once_more(run, refused, turn)
        left = refused.count()
        if left == before:
            break
    return at_first > 0


def _link_once_more(run: Run, refused: QuerySet[ChangeRecord], turn: int) -> None:
    """Try each of these once, in the order of the plan."""
    target, begin = target_of(run), 0
    while rows := _rows(refused.filter(seq__gte=begin), target.batch_size):
        links, _ = _links(rows)
        linked = [row.outcome for row in rows]
        journal = LastLinkJournal(run.pk, f"link-again-{turn}-{rows[0].seq}", linked)
        target.link_managers(links, journal)
        begin = rows[-1].seq + 1


def _with_manager(run: Run) -> QuerySet[ChangeRecord]:
    managers = ChangeRecord.objects.filter(
        # a user whose takeover came to nothing has not become the supervisor's
        Q(takeover__isnull=True) | Q(result__in=[*WRITTEN, Result.UNCHANGED.value]),
        run=OuterRef("run"),
        employee_id=OuterRef("manager_employee_id"),
    )
    return ChangeRecord.objects.filter(run=run, manager__isnull=False).annotate(
        manager_employee_id=KT("manager__employee_id"),
        made=Subquery(managers.order_by().values("user_id")),
    )


def _rows(changes: QuerySet[ChangeRecord], size: int) -> list[Row]:
    return [Row(*row) for row in changes.order_by("seq").values_list(*Row._fields)[:size]]


def _links(rows: list[Row]) -> tuple[list[Link], list[Row]]:
    """The links of these changes, and those whose manager's user was not made."""
    links: list[Link] = []
    lost: list[Row] = []
    for row in rows:
        manager = (row.made if row.link.employee_id else row.link.user_id) or None
        if manager is None and row.link.employee_id:
            lost.append(row)
        else:
            links.append(Link(row.employee_id, row.user_id, manager, row.seen))
    return links, lost


def _note_linked(run_id: UUID, linked_to: int, lost: list[Row]) -> None:
    with transaction.atomic():
        change_held(run_id, linked_to=linked_to)
        missing = {
            row.pk: Reason("manager_not_created", {"supervisor": row.link.employee_id or ""})
            for row in lost
        }
        for change in ChangeRecord.objects.filter(pk__in=missing).only(*_OF_LOST):
            change.warn(missing[change.pk])
            # There was nothing else to write: counted as updated, it would be so at every import.
            if change.kind == Kind.LINK_MANAGER:
                change.result = Result.UNCHANGED.value
            change.save(update_fields=["warnings", "result"])


_OF_LOST: Final = ("pk", "kind", "warnings", "result")
