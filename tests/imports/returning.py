"""People who leave, come back, change names and are listed twice, told to whole imports by files.

`Person` is the human being, whom no import ever sees; `Record` is what HR says of one. Whose
record it is tells afterwards whether a user has stayed the same human being's.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from rollcall.directory.models import ExternalIdentity, User
from rollcall.imports import applying, fetching, linking, open_targets, planning, runs
from rollcall.imports.lease import claim, forget
from rollcall.imports.models import WRITING_STATES, ChangeRecord, Run, RunState
from rollcall.imports.options import Options
from rollcall.jobs.process import this_process
from rollcall.provisioning.change import Result
from rollcall.sources.csv.account import CsvAccount
from tests.actors import TESTER
from tests.imports.world import CLI, request

HEADING: Final = "id,first name,last name,email,status,supervisor,last modified"
WORKING: Final = ("active", "onboarding")
WRITTEN: Final = frozenset(linking.WRITTEN)

Person = str
"""A human being, by a letter that nobody else has."""


@dataclass(frozen=True)
class Record:
    """What HR says of one person under one id; `modified` is the second of its last change."""

    person: Person
    id: str
    first: str
    last: str
    email: str
    status: str = "active"
    boss: str = ""
    modified: int = 0

    @property
    def row(self) -> str:
        """The row of the file."""
        moment = f"2026-11-02T{8 + self.modified // 3600:02}:{self.modified // 60 % 60:02}"
        moment += f":{self.modified % 60:02}Z"
        words = (self.id, self.first, self.last, self.email, self.status, self.boss, moment)
        return ",".join(words)


@dataclass
class Company:
    """The list of one company's people, and the file that it is handed out in."""

    name: str
    path: Path
    records: list[Record] = field(default_factory=list)
    next_id: int = 1
    now: int = 0

    @property
    def account(self) -> CsvAccount:
        """The file as a source."""
        return CsvAccount(self.name, str(self.path))

    @property
    def key(self) -> str:
        """The source's key, by which users carry its ids."""
        return self.account.key

    def hire(self, person: Person, email: str, first: str = "", last: str = "") -> Record:
        """A new record with an id that nobody had before."""
        first, last = first or person.upper(), last or f"Von{person}"
        record = Record(person, str(self.next_id), first, last, email, modified=self.tick())
        self.next_id += 1
        self.records.append(record)
        return record

    def change(self, record: Record, **values: str) -> Record:
        """Another version of the record in its place."""
        changed = replace(record, modified=self.tick(), **values)
        self.records[self.records.index(record)] = changed
        return changed

    def tick(self) -> int:
        """The next second: no two records are modified at one moment."""
        self.now += 1
        return self.now

    def of(self, person: Person) -> list[Record]:
        """The records of this person, the oldest id first."""
        return [record for record in self.records if record.person == person]

    def counting(self) -> dict[str, Record]:
        """Of each id the record that was modified last."""
        ordered = sorted(self.records, key=lambda record: record.modified)
        return {record.id: record for record in ordered}

    def hand_out(self, shuffled: int) -> None:
        """Write the file, in one of the orders in which its rows may stand."""
        rows = [record.row for record in self.records]
        random.Random(shuffled).shuffle(rows)
        self.path.write_text("\n".join([HEADING, *rows, ""]), encoding="utf-8")


def started(company: Company, options: Options, *, review: bool = False) -> Run:
    """An import that somebody begins."""
    return runs.start_here(request(company.account, options=options, review=review))


def carry_out(run: Run, stop_after: int | None = None) -> Run:
    """Carry the run out, stretch by stretch as its workflow does, to its end or its review.

    `stop_after` is the number of batches after which it is left, still at work.
    """
    run = claim(run.pk)
    try:
        open_targets.admit(run)
        if run.state in (RunState.FETCHING, RunState.PLANNING):
            fetching.fetch(run.pk)
            if planning.decide(run.pk) not in WRITING_STATES:
                return Run.objects.get(pk=run.pk)
        for place, bounds in enumerate(applying.prepare(run.pk)[:stop_after]):
            applying.apply_batch(run, place, bounds)
        if stop_after is None:
            while linking.link_some(run):
                pass
            applying.finish(run)
        return Run.objects.get(pk=run.pk)
    finally:
        open_targets.close(run.pk)
        forget(run.pk)


def approved(run: Run) -> Run:
    """The reviewed run, carried out to its end."""
    return carry_out(runs.approve(TESTER, run.pk, executor=this_process().executor))


def retried(run: Run) -> Run:
    """The run of those who need attention, carried out to its end."""
    return carry_out(runs.retry(run, CLI, executor=this_process().executor))


def rows_of(run: Run) -> Sequence[ChangeRecord]:
    """Everybody's change, by the order of the plan."""
    return list(ChangeRecord.objects.filter(run=run).order_by("seq"))


def outcomes(run: Run) -> dict[str, tuple[str, str]]:
    """What was planned for each employee, and how it came out."""
    return {row.employee_id: (row.kind, row.result) for row in rows_of(run)}


def needs_attention(run: Run) -> bool:
    """Whether a retry has anybody to try."""
    bad = [result.value for result in (Result.CONFLICT, Result.INVALID, Result.FAILED)]
    return run.state in (RunState.COMPLETED, RunState.FAILED) and (
        ChangeRecord.objects.filter(run=run, result__in=bad).exists()
    )


def picture() -> list[tuple[object, ...]]:
    """The directory as it can be compared between two tellings of one day."""
    names = ("username", "email", "firstname", "lastname", "state", "manager__username")
    identities: dict[str, list[str]] = {}
    for name, source, id_ in ExternalIdentity.objects.values_list(
        "user__username", "source", "external_id"
    ):
        identities.setdefault(name, []).append(f"{source} {id_}")
    return [
        (*row, *sorted(identities.get(row[0], ())))
        for row in User.objects.order_by("username").values_list(*names)
    ]
