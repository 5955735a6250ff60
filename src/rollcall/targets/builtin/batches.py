"""Carries out a batch of changes through the directory's services: one outcome for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rollcall.audit.actor import Actor
from rollcall.core.refusal import Refusal
from rollcall.directory import rules, services
from rollcall.directory.models import User
from rollcall.directory.services import (
    Identity,
    Move,
    Moves,
    NewUser,
    Refused,
    UserChange,
    UserResult,
)
from rollcall.provisioning.change import RESULT_OF, Change, Kind, Outcome, Result
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.user import State
from rollcall.targets.builtin.user_mapping import seen_of, users_now, values_of

CUSTOM_INTEGRATION: Final = "jumpcloud:custom_integration"
"""JumpCloud's creation source for users that an application import made."""

CONFLICTS: Final = {
    "external_id": ("employee_taken", ""),
    "email": ("email_taken", "email"),
    "employeeIdentifier": ("identifier_taken", "identifier"),
    "username": ("username_taken", "username"),
}
"""How an import calls a taken value, and the value in its sentence; the weightiest first."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What all changes of one batch have in common: who makes them, and where people come from."""

    actor: Actor
    source: str
    creation_source: str
    default_state: State


def write(changes: Sequence[Change], batch: Batch) -> list[Outcome]:
    """Carry out the changes in the caller's transaction; one outcome each, in their order."""
    new = [change for change in changes if change.kind is Kind.CREATE]
    old = [change for change in changes if change.kind is not Kind.CREATE]
    made = zip(new, _create(new, batch), strict=True)
    outcomes = {change.employee_id: _outcome(change, result) for change, result in made}
    outcomes |= {outcome.employee_id: outcome for outcome in _update(old, batch)}
    # The caller pairs them with the changes by their places.
    return [outcomes[change.employee_id] for change in changes]


def _create(changes: Sequence[Change], batch: Batch) -> list[UserResult]:
    new = [
        NewUser(
            {"state": batch.default_state.value, **values_of(change)},
            batch.creation_source,
            Identity(batch.source, change.external_id or change.employee_id),
        )
        for change in changes
    ]
    results = services.create_users(batch.actor, batch.source, new) if new else []
    return _renamed(new, results, batch)


def _renamed(new: Sequence[NewUser], results: list[UserResult], batch: Batch) -> list[UserResult]:
    """Once more those whose username alone was taken meanwhile, with the next free number."""
    places = [
        place
        for place, result in enumerate(results)
        if isinstance(result, Refused)
        and [refusal.field for refusal in result.refusals] == ["username"]
        if result.codes == {"taken"}
    ]
    again: list[NewUser] = []
    names: list[str] = []
    for place in places:
        names.append(rules.next_free_username(str(new[place].values["username"]), names))
        again.append(replace(new[place], values={**new[place].values, "username": names[-1]}))
    if again:
        later = services.create_users(batch.actor, batch.source, again)
        for place, result in zip(places, later, strict=True):
            results[place] = result
    return results


def _update(changes: Sequence[Change], batch: Batch) -> Iterator[Outcome]:
    """Write what nobody else has written since the changes were planned."""
    if not changes:
        return
    # Locked before they are compared: what is seen here is what is written over.
    users = services.hold_users([change.user_id or "" for change in changes])
    taking, refused = _takeovers(changes, batch)
    yield from refused.values()
    changes = [
        taking.get(change.employee_id, change)
        for change in changes
        if change.employee_id not in refused
    ]
    moves = services.moves([seen_of(change) for change in changes], users)
    asked = [_left(change, moved, batch) for change, moved in zip(changes, moves, strict=True)]
    results = services.update_users(batch.actor, batch.source, asked, users)
    for change, moved, left, result in zip(changes, moves, asked, results, strict=True):
        outcome = _outcome(change, result)
        yield _as_it_is_now(outcome, moved, left) if isinstance(result, User) else outcome


def _takeovers(
    changes: Sequence[Change], batch: Batch
) -> tuple[dict[str, Change], dict[str, Outcome]]:
    """Of the changes that give a user to an employee, those of whom it is that employee's by now,
    as they are left to be made; and the outcomes of those who are no longer as they were seen."""
    asked = [change for change in changes if change.takeover is not None]
    there: dict[str, Change] = {}
    moved: dict[str, Outcome] = {}
    if not asked:
        return there, moved
    users = users_now([change.user_id or "" for change in asked], batch.source)
    for change in asked:
        user = users.get(change.user_id or "")
        if user is None or change.takeover is None:
            continue
        if user.external_id == change.external_id:
            there[change.employee_id] = replace(change, external_id=None)
        elif reason := change.takeover.moved(user):
            who, result = change.employee_id, Result.CONFLICT
            moved[who] = Outcome(who, result, change.user_id, reason)
    return there, moved


def _left(change: Change, moves: Moves, batch: Batch) -> UserChange:
    """What of the change is still to be written: the fields that are as it saw them."""
    values = {name: value for name, value in values_of(change).items() if moves.leaves(name)}
    identity = Identity(batch.source, change.external_id) if change.external_id else None
    return UserChange(change.user_id or "", values, identity)


def _as_it_is_now(outcome: Outcome, moves: Moves, left: UserChange) -> Outcome:
    """The outcome of a change of which others may have changed or done something meanwhile."""
    if moves.moved:
        return replace(outcome, result=Result.CONFLICT, error=moved_since(moves.moved))
    if moves.there and not left.values and left.identity is None:
        return replace(outcome, result=Result.UNCHANGED, error=Reason("written_since"))
    return outcome


def moved_since(moves: Sequence[Move]) -> Reason:
    """Why these fields were left alone: who wrote to them, the last one, and when."""
    last = max(moves, key=lambda move: move.moment)
    who = last.source.partition(":")[0] or "?"
    when = last.moment[:16].replace("T", " ")
    fields = ", ".join(move.field for move in moves)
    return Reason("moved_since", {"fields": fields, "who": who, "when": f"{when} UTC"})


def _outcome(change: Change, result: UserResult) -> Outcome:
    if isinstance(result, User):
        return Outcome(change.employee_id, RESULT_OF[change.kind], result.id)
    if "gone" in result.codes:
        return Outcome(change.employee_id, Result.FAILED, None, Reason("user_gone"))
    taken = {refusal.field: refusal for refusal in result.refusals if refusal.code == "taken"}
    if change.kind is Kind.CREATE and "external_id" in taken:
        # Another import: an attempt at this batch records its outcomes as it makes the users.
        made = taken["external_id"].params["with_whom"]
        return Outcome(change.employee_id, Result.SKIPPED, made, Reason("made_since"))
    # Only where nothing else is wrong: a conflict tells that the value would do, were it free.
    for field, (code, name) in CONFLICTS.items():
        if field in taken and len(taken) == len(result.refusals):
            reason = _conflict(taken[field], code, name)
            return Outcome(change.employee_id, Result.CONFLICT, change.user_id, reason)
    refused = Reason("value_refused")
    return Outcome(change.employee_id, Result.FAILED, change.user_id, refused)


def _conflict(refusal: Refusal, code: str, name: str) -> Reason:
    params = {"with_whom": refusal.params["with_whom"]}
    return Reason(code, {**params, **({name: refusal.value} if name else {})})
