"""A plan's changes, decided and written down a stretch of employees at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from rollcall.database.bulk_insert import in_parts
from rollcall.imports import elsewhere
from rollcall.imports.batches import Cut
from rollcall.imports.lease import prove
from rollcall.imports.models import Run
from rollcall.imports.options import Options
from rollcall.imports.storing import StagedEmployees, forget_changes, store_changes
from rollcall.imports.undecided import to_retry
from rollcall.provisioning.change import UNWRITTEN, WRITING, Change, Kind, declined
from rollcall.provisioning.employee import Employee
from rollcall.provisioning.outline import Outline
from rollcall.provisioning.safeguards import Totals
from rollcall.targets.base import Target

STRETCH = 4000
"""How many employees and their users are in memory at once while their changes are decided."""


@dataclass(slots=True)
class Planned:
    """What was planned so far: for everybody, and for those whom the run is about.

    `cut` are the writes of a run that goes on by itself.
    """

    cut: Cut
    everybody: Totals = field(default_factory=Totals)
    stored: Counter[Kind] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Decided changes that are still to be written down, numbered from `first` on.

    With each comes the first day of an employee who is still to start.
    """

    first: int
    rows: Sequence[tuple[Change, date | None]]


class Deciding:
    """Decides changes, a stretch of employees at a time, and counts them."""

    def __init__(
        self, run: Run, outline: Outline, employees: StagedEmployees, target: Target
    ) -> None:
        self.outline = outline
        self._employees = employees
        self._target = target
        self._run = run
        self._options = Options.from_record(run.options)
        self._wanted = to_retry(run)

    def stretch(self, ids: Sequence[str], planned: Planned) -> Stretch:
        """The changes of these employees, added to what was planned before."""
        employees = list(self._employees.of(ids))
        users = {user.id: user for user in self._target.users_of(self.outline.user_ids(ids))}
        first = planned.stored.total()
        changes: list[Change] = []
        decided = elsewhere.kept_at_work(self._run, [*self.outline.changes(employees, users)])
        for change in map(self._as_agreed, decided):
            planned.everybody.add(change, users.get(change.user_id or ""))
            # The brakes count everybody; only who is retried is written down.
            if self._wanted is not None and change.employee_id not in self._wanted:
                continue
            if change.kind in WRITING:
                planned.cut.add(change.wave, first + len(changes))
            changes.append(change)
        planned.stored.update(change.kind for change in changes)
        return Stretch(first, list(_with_first_days(changes, employees)))

    def _as_agreed(self, change: Change) -> Change:
        """The change; where nobody reviews it, declined unless it was agreed to beforehand."""
        return change if self._run.review or self._options.agrees(change) else declined(change)


def write_all_but_the_last(run: Run, deciding: Deciding, planned: Planned) -> Stretch:
    """Decide and store everybody's change, a stretch at a time and each in its own transaction.

    Nobody acts on them before the run leaves its state. The last stretch is left to the transaction
    in which it does: most companies are no larger than one.
    """
    stretches = in_parts(deciding.outline.employee_ids(), STRETCH)
    ids = next(stretches, [])
    for following in stretches:
        stretch = deciding.stretch(ids, planned)
        with transaction.atomic():
            prove(run.pk)
            write(run, stretch)
        ids = following
    return deciding.stretch(ids, planned)


def write(run: Run, stretch: Stretch) -> None:
    """Write the stretch down; where the run goes on by itself, who needs no write is accounted for.

    The caller has proved that this process may write.
    """
    # What an attempt that was cut short had written goes.
    if not stretch.first:
        forget_changes(run.pk)
    store_changes(run.pk, stretch.first, stretch.rows, {} if run.review else UNWRITTEN)


def _with_first_days(
    changes: Iterable[Change], employees: Iterable[Employee]
) -> Iterator[tuple[Change, date | None]]:
    """The changes, each with the first day of an employee who is still to start."""
    today = timezone.localdate()
    starts = {
        employee.id: employee.hire_date
        for employee in employees
        if isinstance(employee.hire_date, date) and employee.hire_date >= today
    }
    return ((change, starts.get(change.employee_id)) for change in changes)
