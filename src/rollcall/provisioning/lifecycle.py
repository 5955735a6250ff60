"""Lifecycle rules: what an employee's status does to a user, new or staged, active or suspended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rollcall.core.text import clean, cut
from rollcall.provisioning.change import Kind
from rollcall.provisioning.employee import Status, Text
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.rules import Rules
from rollcall.provisioning.user import State

WORKING: Final = frozenset({Status.ACTIVE.value, Status.ONBOARDING.value})
"""The statuses of people who have or are about to have a user (the vendor's rule)."""

NOT_WORKING: Final = frozenset({Status.INACTIVE.value, Status.LEAVE.value})
"""The statuses of people who are to have no access (the vendor's rule)."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a status does; `kind`, `state` and `reason` are None where the state stays as it is."""

    kind: Kind | None = None
    state: State | None = None
    reason: Reason | None = None
    warnings: tuple[Reason, ...] = ()


def status_word(status: Text) -> str:
    """The source's word for the status, clean and in lower case; empty where none is known."""
    return cut(clean(status).lower(), 100) if isinstance(status, str) else ""


def is_unknown_word(word: str) -> bool:
    """Whether a status word is one that Rollcall has no rule for."""
    return bool(word) and word not in WORKING and word not in NOT_WORKING


def for_new(status: Text, rules: Rules) -> Decision:
    """What happens to an employee whom no user of the directory carries."""
    word = status_word(status)
    if word in WORKING:
        return Decision(Kind.CREATE, rules.default_state, Reason("new", {"status": word}))
    if word in NOT_WORKING:
        return Decision(Kind.SKIP, reason=Reason("not_working", {"status": word}))
    if word:
        return Decision(Kind.SKIP, reason=Reason("status_not_known", {"status": word}))
    return Decision(Kind.SKIP, reason=Reason("status_missing"))


def for_user(status: Text, state: State, rules: Rules) -> Decision:
    """What happens to the state of the user that carries an employee with this status."""
    word = status_word(status)
    if word in WORKING:
        return _working(word, state, rules)
    if word in NOT_WORKING:
        return _not_working(word, state, rules)
    if word:
        return Decision(warnings=(Reason("state_kept_status_not_known", {"status": word}),))
    # A status that the source left out says nothing; one that is there and empty is odd.
    return Decision(warnings=(Reason("state_kept_status_empty"),) if _is_empty(status) else ())


class Lifecycle:
    """The decisions under one set of rules; equal cases share one, since there are only a few."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._made: dict[tuple[Text, State | None], Decision] = {}

    def of_new(self, status: Text) -> Decision:
        """`for_new` under these rules."""
        if (status, None) not in self._made:
            self._made[status, None] = for_new(status, self._rules)
        return self._made[status, None]

    def of_user(self, status: Text, state: State) -> Decision:
        """`for_user` under these rules."""
        if (status, state) not in self._made:
            self._made[status, state] = for_user(status, state, self._rules)
        return self._made[status, state]


def _is_empty(status: Text) -> bool:
    return status is None or isinstance(status, str)


def _working(word: str, state: State, rules: Rules) -> Decision:
    if state is State.STAGED and rules.activate_staged:
        reason = Reason("activated", {"status": word})
        return Decision(Kind.ACTIVATE, State.ACTIVATED, reason)
    if state is not State.SUSPENDED:
        return Decision()
    if rules.reactivation_allowed:
        reason = Reason("reactivated", {"status": word})
        return Decision(Kind.REACTIVATE, State.ACTIVATED, reason)
    return Decision(warnings=(Reason("reactivation_not_allowed", {"status": word}),))


def _not_working(word: str, state: State, rules: Rules) -> Decision:
    if state is State.SUSPENDED:
        return Decision()
    # What was read in part may hold an old status, and taking access away is the harm hardest to
    # undo.
    if not rules.complete:
        return Decision(warnings=(Reason("not_suspended_incomplete", {"status": word}),))
    return Decision(Kind.SUSPEND, State.SUSPENDED, Reason("suspended", {"status": word}))
