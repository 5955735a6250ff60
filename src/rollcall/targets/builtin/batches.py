"""Carries out a batch of changes through the directory's services: one outcome for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from rollcall.audit.actor import Actor
from rollcall.core.refusal import Refusal
from rollcall.directory import rules, services
from rollcall.directory.models import User
from rollcall.directory.services import Identity, NewUser, Refused, UserChange, UserResult
from rollcall.provisioning.change import RESULT_OF, Change, Kind, Outcome, Result
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.user import State
from rollcall.targets.builtin.user_mapping import values_of

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
    outcomes = {
        change.employee_id: _outcome(change, result)
        for some, results in ((new, _create(new, batch)), (old, _update(old, batch)))
        for change, result in zip(some, results, strict=True)
    }
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


def _update(changes: Sequence[Change], batch: Batch) -> list[UserResult]:
    if not changes:
        return []
    asked = [
        UserChange(
            change.user_id or "",
            values_of(change),
            Identity(batch.source, change.external_id) if change.external_id else None,
        )
        for change in changes
    ]
    return services.update_users(batch.actor, batch.source, asked)


def _outcome(change: Change, result: UserResult) -> Outcome:
    if isinstance(result, User):
        return Outcome(change.employee_id, RESULT_OF[change.kind], result.id)
    if "gone" in result.codes:
        return Outcome(change.employee_id, Result.FAILED, None, Reason("user_gone"))
    taken = {refusal.field: refusal for refusal in result.refusals if refusal.code == "taken"}
    if change.kind is Kind.CREATE and "external_id" in taken:
        # an earlier attempt at this batch, or another process, has made this employee's user
        made = taken["external_id"].params["with_whom"]
        return Outcome(change.employee_id, Result.CREATED, made)
    for field, (code, name) in CONFLICTS.items():
        if field in taken and len(taken) == len(result.refusals):
            reason = _conflict(taken[field], code, name)
            return Outcome(change.employee_id, Result.CONFLICT, change.user_id, reason)
    refused = Reason("value_refused")
    return Outcome(change.employee_id, Result.FAILED, change.user_id, refused)


def _conflict(refusal: Refusal, code: str, name: str) -> Reason:
    params = {"with_whom": refusal.params["with_whom"]}
    return Reason(code, {**params, **({name: refusal.value} if name else {})})
