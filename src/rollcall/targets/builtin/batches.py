"""Writes a batch of changes: all at once, and in halves where the database refuses a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import DatabaseError, transaction
from django.db.models import Q

from rollcall.directory.models import User
from rollcall.provisioning.change import RESULT_OF, Change, Kind, Outcome, Result
from rollcall.provisioning.reason import Reason
from rollcall.targets.builtin import user_mapping
from rollcall.targets.builtin.conflicts import concerns_a_value, explain, next_free_username
from rollcall.targets.builtin.statements import insert, overwrite

CUSTOM_INTEGRATION: Final = "jumpcloud:custom_integration"
"""JumpCloud's creation source for users that an application import made."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What all changes of one batch have in common; `now` is the moment of the batch."""

    source: str
    creation_source: str
    default_state: str
    now: datetime


def write_apart(changes: Sequence[Change], batch: Batch) -> list[Outcome]:
    """Carry out changes of which the database refuses some; one outcome each, in their order.

    Each half is written by itself, as far down as it takes: what cannot be written ends as the
    outcome of one employee, at the cost of a few statements for each such employee.
    """
    if len(changes) == 1:
        return [_write_alone(changes[0], batch)]
    middle = len(changes) // 2
    return [
        outcome
        for half in (changes[:middle], changes[middle:])
        for outcome in _write_half(half, batch)
    ]


def _write_half(changes: Sequence[Change], batch: Batch) -> list[Outcome]:
    try:
        with transaction.atomic():
            return write_together(changes, batch)
    except (DatabaseError, ValueError) as error:
        if not concerns_a_value(error):
            raise
    return write_apart(changes, batch)


def write_together(changes: Sequence[Change], batch: Batch) -> list[Outcome]:
    """Carry out the changes in the caller's transaction; one outcome each, in their order.

    Raises:
        DatabaseError, ValueError: something was refused, and the transaction cannot be gone on
            with; `clashes.concerns_a_value` tells whether that was a value of a change.
    """
    known = _load(changes, batch)
    created: list[User] = []
    revised: list[User] = []
    outcomes: list[Outcome] = []
    for change in changes:
        user = known.get(_key(change))
        if change.kind is Kind.CREATE and user is None:
            user = _create(change, batch)
            created.append(user)
        elif user is None:
            outcomes.append(Outcome(change.employee_id, Result.FAILED, None, Reason("user_gone")))
            continue
        elif change.kind is not Kind.CREATE and user_mapping.revise(
            user, change, batch.source, batch.now
        ):
            revised.append(user)
        outcomes.append(Outcome(change.employee_id, RESULT_OF[change.kind], user.id))
    insert(created)
    overwrite(revised)
    return outcomes


def _key(change: Change) -> str:
    if change.kind is Kind.CREATE:
        return f"employee {change.external_id or change.employee_id}"
    return change.user_id or ""


def _load(changes: Sequence[Change], batch: Batch) -> dict[str, User]:
    """The users that the changes are about; a user made earlier for a create is one of them."""
    ids = [one.user_id for one in changes if one.kind is not Kind.CREATE and one.user_id]
    new = [one.external_id or one.employee_id for one in changes if one.kind is Kind.CREATE]
    asked = Q(id__in=ids) | Q(external_source=batch.source, external_id__in=new)
    found = list(User.objects.select_for_update().filter(asked).order_by("id"))
    known = {user.id: user for user in found}
    wanted = set(new)
    known.update({f"employee {u.external_id}": u for u in found if u.external_id in wanted})
    return known


def _create(change: Change, batch: Batch) -> User:
    return user_mapping.create(
        change, batch.source, batch.default_state, batch.creation_source, batch.now
    )


def _write_alone(change: Change, batch: Batch) -> Outcome:
    """The outcome of the one change that was refused; a username taken meanwhile is replaced."""
    try:
        user = _attempted(change, batch)
        result, reason = explain(user)
        if reason.code == "username_taken" and change.kind is Kind.CREATE:
            user.username = next_free_username(user.username)
            with transaction.atomic():
                insert([user])
            return Outcome(change.employee_id, Result.CREATED, user.id)
    except (DatabaseError, ValueError) as error:
        if not concerns_a_value(error):
            raise
        result, reason = Result.FAILED, Reason("value_refused")
    return Outcome(change.employee_id, result, change.user_id, reason)


def _attempted(change: Change, batch: Batch) -> User:
    if change.kind is Kind.CREATE:
        return _create(change, batch)
    user = User.objects.get(id=change.user_id)
    user_mapping.revise(user, change, batch.source, batch.now)
    return user
