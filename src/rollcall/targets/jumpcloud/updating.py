"""Updating users: field changes, states and managers in bulk, activation of staged users singly."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rollcall.provisioning.change import Change, Outcome, Result
from rollcall.provisioning.user import State
from rollcall.targets.base import Journal, Link
from rollcall.targets.errors import TargetError
from rollcall.targets.jumpcloud import jobs
from rollcall.targets.jumpcloud.creating import journal_all
from rollcall.targets.jumpcloud.http import Wire
from rollcall.targets.jumpcloud.identity import Identity
from rollcall.targets.jumpcloud.jobs import Jobs, Sent, Word
from rollcall.targets.jumpcloud.outcomes import Clashes, Refusal, done, failed, refused
from rollcall.targets.jumpcloud.payloads import (
    Body,
    activates,
    carried,
    needs_current,
    revision,
    without_identifier,
)
from rollcall.targets.jumpcloud.responses import ABOUT_ONE_RECORD, Record, Rejected
from rollcall.targets.jumpcloud.users import by_id, user_of

AT_ONCE: Final = 100
"""Links in one bulk job; JumpCloud publishes no limit, so this is Rollcall's choice."""


@dataclass(frozen=True, slots=True)
class Updating:
    """The updates of one batch, of every kind but create; `taken` as in `Creating`."""

    wire: Wire
    identity: Identity
    taken: Container[str]

    def carry_out(self, changes: Sequence[Change], journal: Journal, recorded: Jobs) -> None:
        """Update these users and record how each came out."""
        if not changes:
            return
        possible = self._possible(changes, journal)
        current = self._current(possible)
        present = self._present(possible, current, journal)
        bodies: dict[str, Body] = {}
        for change in present:
            known = current.get(change.user_id or "", {})
            if body := revision(change, self.identity, self.taken, known):
                bodies[change.employee_id] = {"id": change.user_id, **body}
        refusals = self._send(bodies, present, journal, recorded)
        refused_ones = [change for change in present if change.employee_id in refusals]
        journal_all(journal, self._refuse(refused_ones, bodies, refusals))
        written = [change for change in present if change.employee_id not in refusals]
        journal_all(
            journal, (done(change, change.user_id) for change in written if not activates(change))
        )
        # After the fields: the mail that activation sends goes to the address that was just
        # written.
        staged = [change for change in written if activates(change)]
        journal_all(journal, self.wire.in_parallel(self._activate, staged))

    def _possible(self, changes: Sequence[Change], journal: Journal) -> list[Change]:
        # JumpCloud takes nobody back to staged; asking anyway would fail the whole batch with them.
        back = [change for change in changes if change.after("state") == State.STAGED]
        journal_all(
            journal,
            (failed(change.employee_id, change.user_id, "cloud_never_staged") for change in back),
        )
        return [change for change in changes if change not in back]

    def _current(self, changes: Sequence[Change]) -> dict[str, Record]:
        ids = [change.user_id for change in changes if change.user_id and needs_current(change)]
        return by_id(self.wire, ids) if ids else {}

    def _present(
        self, changes: Sequence[Change], current: Mapping[str, Record], journal: Journal
    ) -> list[Change]:
        # The list of attributes is replaced as a whole: without the current one others would be
        # lost.
        gone = [
            change for change in changes if needs_current(change) and change.user_id not in current
        ]
        journal_all(journal, (failed(change.employee_id, None, "user_gone") for change in gone))
        left = [change for change in changes if change not in gone]
        moved = list(self._moved(left, current))
        journal_all(journal, moved)
        ids = {outcome.employee_id for outcome in moved}
        return [change for change in left if change.employee_id not in ids]

    def _moved(self, changes: Sequence[Change], current: Mapping[str, Record]) -> Iterator[Outcome]:
        """The outcomes of the takeovers whose users are no longer as they were shown."""
        for change in changes:
            if change.takeover is None:
                continue
            user = user_of(current[change.user_id or ""], self.identity)
            # an earlier attempt, or another import, has made it this employee's user already
            if user.external_id == change.external_id:
                continue
            if reason := change.takeover.moved(user):
                yield Outcome(change.employee_id, Result.CONFLICT, change.user_id, reason)

    def _send(
        self,
        bodies: Mapping[str, Body],
        changes: Iterable[Change],
        journal: Journal,
        recorded: Jobs,
    ) -> dict[str, Refusal]:
        emails = {change.employee_id: change.email for change in changes}
        sent = [
            Sent.of(key, (str(body["id"]), str(body.get("email") or emails[key])))
            for key, body in bodies.items()
        ]
        return send(self.wire, bodies, sent, recorded, journal)

    def _refuse(
        self,
        changes: Sequence[Change],
        bodies: Mapping[str, Body],
        refusals: Mapping[str, Refusal],
    ) -> Iterable[Outcome]:
        if not changes:
            return []
        clashes = Clashes.among(self.wire, [bodies[change.employee_id] for change in changes])

        def outcome(change: Change) -> Outcome:
            body, refusal = bodies[change.employee_id], refusals[change.employee_id]
            ours = change.external_id and change.after("employeeIdentifier") is None
            if ours and clashes.holder(body, "employeeIdentifier"):
                again = single(self.wire, without_identifier(body))
                if again is None:
                    return (
                        self._activate(change)
                        if activates(change)
                        else done(change, change.user_id)
                    )
                refusal = again
            return refused(change.employee_id, change.user_id, body, refusal, clashes)

        return self.wire.in_parallel(outcome, changes)

    def _activate(self, change: Change) -> Outcome:
        """Take one user from staged to active (v1, state/activate), with JumpCloud's usual mail."""
        user_id = change.user_id or ""
        try:
            self.wire.repeat("POST", f"/api/systemusers/{user_id}/state/activate", body={})
        except TargetError as problem:
            refusal = Refusal.of(problem)
            # an earlier attempt may have done it: a user who is active already is refused
            record = by_id(self.wire, [user_id]).get(user_id, {}) if not refusal.code else {}
            if record.get("state") != State.ACTIVATED:
                return refused(change.employee_id, user_id, {}, refusal, Clashes({}))
        return done(change, user_id)


def link(wire: Wire, links: Sequence[Link], journal: Journal, recorded: Jobs) -> None:
    """Set or clear managers by bulk jobs, one after the other; only failures are recorded."""
    for start in range(recorded.part(), len(links), AT_ONCE):
        part = links[start : start + AT_ONCE]
        bodies: dict[str, Body] = {
            wish.employee_id: {"id": wish.user_id, "manager": wish.manager_id} for wish in part
        }
        users = {wish.employee_id: wish.user_id for wish in part}
        sent = [Sent.of(key, (user_id,)) for key, user_id in users.items()]
        name = f"update@{start}"
        here = Jobs({verb: job for verb, job in recorded.ids.items() if verb == name})
        refusals = send(wire, bodies, sent, here, journal, name)
        journal_all(
            journal,
            (
                refused(key, users[key], bodies[key], refusal, Clashes({}))
                for key, refusal in refusals.items()
            ),
        )


def send(
    wire: Wire,
    bodies: Mapping[str, Body],
    sent: Sequence[Sent],
    recorded: Jobs,
    journal: Journal,
    name: str = "update",
) -> dict[str, Refusal]:
    """Send these bodies in one job, or pick up the job that carries them; who was refused, by key.

    The job is recorded under this name. Where JumpCloud refuses the batch for some record, each
    is sent by a call of its own.
    """
    if not bodies:
        return {}
    job = recorded.ids.get(name)
    if job is None:
        try:
            job = jobs.update(wire, list(bodies.values()))
        except Rejected as problem:
            if problem.status not in ABOUT_ONE_RECORD:
                raise
            return _singly(wire, bodies)
        recorded.ids[name] = job
        journal.record_job(recorded.text())
    said = jobs.verdicts(wire, job, sent)
    refusals = {
        key: Refusal(verdict.message or "no reason given")
        for key, verdict in said.items()
        if verdict.word is Word.FAILED
    }
    unsure = [key for key in bodies if key not in said or said[key].word is Word.PENDING]
    return refusals | _unconfirmed(wire, {key: bodies[key] for key in unsure})


def single(wire: Wire, body: Body) -> Refusal | None:
    """Update one user by a call of its own (v1, PUT systemusers); None when it was done."""
    rest = {name: value for name, value in body.items() if name != "id"}
    try:
        wire.repeat("PUT", f"/api/systemusers/{body['id']}", body=rest)
    except TargetError as problem:
        return Refusal.of(problem)
    return None


def _singly(wire: Wire, bodies: Mapping[str, Body]) -> dict[str, Refusal]:
    send_one: Callable[[Body], Refusal | None] = lambda body: single(wire, body)  # noqa: E731
    answers = wire.in_parallel(send_one, bodies.values())
    return {
        key: refusal for key, refusal in zip(bodies, answers, strict=True) if refusal is not None
    }


def _unconfirmed(wire: Wire, bodies: Mapping[str, Body]) -> dict[str, Refusal]:
    """Read back those of whom the job said nothing: who does not hold what was sent."""
    if not bodies:
        return {}
    records = by_id(wire, [str(body["id"]) for body in bodies.values()])
    refusals: dict[str, Refusal] = {}
    for key, body in bodies.items():
        record = records.get(str(body["id"]))
        if record is None:
            refusals[key] = Refusal(code="user_gone")
        elif not carried(body, record):
            refusals[key] = Refusal()
    return refusals
