"""Creating users: one bulk job for a batch, never anybody twice, everybody accounted for."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rollcall.provisioning.change import Change, Outcome
from rollcall.provisioning.user import State
from rollcall.targets.base import Journal
from rollcall.targets.errors import TargetError, TargetUnreachable
from rollcall.targets.jumpcloud import jobs
from rollcall.targets.jumpcloud.http import Wire
from rollcall.targets.jumpcloud.identity import Identity
from rollcall.targets.jumpcloud.jobs import Jobs, Sent, Verdict, Word
from rollcall.targets.jumpcloud.outcomes import Clashes, Refusal, done, refused
from rollcall.targets.jumpcloud.payloads import Body, creation, employee_of, without_identifier
from rollcall.targets.jumpcloud.responses import (
    ABOUT_ONE_RECORD,
    Record,
    Rejected,
    Unanswered,
    record_of,
    text_of,
)
from rollcall.targets.jumpcloud.users import by_email

LOOKS: Final = 3
"""How often a user whom the job calls made is looked for before it is believed missing."""


@dataclass(frozen=True, slots=True)
class Creating:
    """The creates of one batch.

    `taken` holds the employee identifiers that users have already. `default` is the organization's
    state for application imports.
    """

    wire: Wire
    identity: Identity
    taken: Container[str]
    default: State | None

    def carry_out(
        self, changes: Sequence[Change], journal: Journal, recorded: Jobs, resumed: bool
    ) -> None:
        """Create these users and record how each came out.

        `resumed` says that an earlier attempt may have sent them: whoever is there already and
        carries the employee's id was made by it.
        """
        # Three ways into one batch: the job of an earlier attempt is judged, what an attempt
        # without a recorded job may have sent is looked for, and else the batch is sent.
        job = recorded.ids.get("create")
        todo = list(changes)
        if job is None and resumed:
            todo = self._without_made(todo, journal)
        if job is None and todo:
            job, todo = self._start(todo, journal)
            # Recorded before it is waited for: a process that dies while waiting leaves the job to
            # be found.
            if job is not None:
                recorded.ids["create"] = job
                journal.record_job(recorded.text())
        if job is None:
            journal_all(journal, self.wire.in_parallel(self._single, todo))
        elif todo:
            sent = [
                Sent.of(
                    change.employee_id,
                    (change.after("email") or "", change.after("username") or ""),
                )
                for change in todo
            ]
            self._judge(todo, jobs.verdicts(self.wire, job, sent), journal)

    def _start(self, changes: list[Change], journal: Journal) -> tuple[str | None, list[Change]]:
        """The job and whom it carries; no job where JumpCloud refuses the batch for some record."""
        todo = changes
        for wait in self.wire.waits():
            try:
                return jobs.create(self.wire, [self._body(change) for change in todo]), todo
            except Unanswered:
                self.wire.sleep(wait)
                todo = self._without_made(todo, journal)
                if not todo:
                    return None, []
            except Rejected as problem:
                # One bad record makes JumpCloud refuse the whole batch; sent one by one only that
                # person fails.
                if problem.status not in ABOUT_ONE_RECORD:
                    raise
                return None, todo
        raise TargetUnreachable("JumpCloud did not take a batch of new users, however often sent.")

    def _without_made(self, changes: Sequence[Change], journal: Journal) -> list[Change]:
        made, missing = self._look(changes)
        journal_all(journal, made)
        return missing

    def _look(self, changes: Sequence[Change]) -> tuple[list[Outcome], list[Change]]:
        """Those who are there and carry their employee's id, and the others."""
        records = by_email(self.wire, (change.after("email") or "" for change in changes))
        made: list[Outcome] = []
        missing: list[Change] = []
        for change in changes:
            record = records.get((change.after("email") or "").lower())
            if record and self._is_ours(record, change):
                made.append(done(change, text_of(record, "_id", "id")))
            else:
                missing.append(change)
        return made, missing

    def _judge(self, changes: Sequence[Change], said: dict[str, Verdict], journal: Journal) -> None:
        """Believe what names a user that can be read back; look for the others by e-mail."""
        # A job that says nothing about somebody has proven nothing either way: only a look does.
        nothing = Verdict(Word.PENDING)
        verdict = {change.employee_id: said.get(change.employee_id, nothing) for change in changes}
        made: list[Outcome] = []
        unsure: list[Change] = []
        refusals: list[tuple[Change, Refusal]] = []
        for change in changes:
            report = verdict[change.employee_id]
            if report.word is Word.FAILED:
                refusals.append((change, Refusal(report.message or "no reason given")))
            elif report.word is Word.SUCCEEDED and report.user_id:
                made.append(done(change, report.user_id))
            else:
                unsure.append(change)
        seen, missing = self._look_patiently(unsure, verdict)
        journal_all(journal, made + seen)
        refusals += [(change, Refusal()) for change in missing]
        journal_all(journal, self._refuse(refusals))

    def _look_patiently(
        self, changes: Sequence[Change], verdict: dict[str, Verdict]
    ) -> tuple[list[Outcome], list[Change]]:
        """Look again where a job calls somebody made who is not to be found yet."""
        if not changes:
            return [], []
        made, missing = self._look(changes)
        # A user whom the job calls made may not be in the search yet: the vendor promises no
        # moment.
        for wait in list(self.wire.waits())[: LOOKS - 1]:
            # Nobody claims that these were made, so waiting for them to appear would be in vain.
            if all(verdict[change.employee_id].word is Word.PENDING for change in missing):
                break
            self.wire.sleep(wait)
            more, missing = self._look(missing)
            made += more
        return made, missing

    def _refuse(self, refusals: Sequence[tuple[Change, Refusal]]) -> Iterable[Outcome]:
        if not refusals:
            return []
        clashes = Clashes.among(self.wire, [self._body(change) for change, _ in refusals])

        def outcome(pair: tuple[Change, Refusal]) -> Outcome:
            return self._refused(pair[0], self._body(pair[0]), pair[1], clashes)

        return self.wire.in_parallel(outcome, refusals)

    def _refused(self, change: Change, body: Body, refusal: Refusal, clashes: Clashes) -> Outcome:
        holder = clashes.holder(body, "email")
        # "Already exists" may speak of the user whom our own earlier attempt made.
        if holder and self._is_ours(holder, change):
            return done(change, text_of(holder, "_id", "id"))
        free = not holder and not clashes.holder(body, "username")
        ours = not change.after("employeeIdentifier")
        # The identifier is a convenience for people, and no reason to leave the employee without a
        # user.
        if free and ours and clashes.holder(body, "employeeIdentifier"):
            return self._single(change, without_identifier(body))
        return refused(change.employee_id, None, body, refusal, clashes)

    def _single(self, change: Change, body: Body | None = None) -> Outcome:
        """Create one user by a call of its own, whose default state is another: so it is sent."""
        body = {"state": self.default or State.STAGED, **(body or self._body(change))}
        for wait in self.wire.waits():
            try:
                # `once`, since a create that was carried out and not answered must be looked for,
                # not repeated.
                answer = self.wire.once("POST", "/api/systemusers", body=body)
                return done(change, text_of(record_of(answer), "_id", "id"))
            except Unanswered:
                self.wire.sleep(wait)
                made, _ = self._look([change])
                if made:
                    return made[0]
            except TargetError as problem:
                refusal = Refusal.of(problem)
                asked = [] if refusal.code else [body]
                return self._refused(change, body, refusal, Clashes.among(self.wire, asked))
        return refused(change.employee_id, None, body, Refusal(code="cloud_no_answer"), Clashes({}))

    def _body(self, change: Change) -> Body:
        return creation(change, self.identity, self.taken, self.default)

    def _is_ours(self, record: Record, change: Change) -> bool:
        return self.identity.of(record) == employee_of(change)


def journal_all(journal: Journal, outcomes: Iterable[Outcome]) -> None:
    """Record outcomes as far as they come, also when what makes them stops half-way."""
    known: list[Outcome] = []
    try:
        # `extend` keeps what was made before a raise, so that users who exist are never unaccounted
        # for.
        known.extend(outcomes)
    finally:
        if known:
            journal.record(known)
