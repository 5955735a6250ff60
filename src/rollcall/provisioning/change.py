"""What an import will do: a plan of changes, each with before, after and a reason in words."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from rollcall.provisioning.consent import Consent, Takeover
from rollcall.provisioning.reason import Reason

Value: TypeAlias = "str | None"


class Kind(enum.StrEnum):
    """What a change does to the user."""

    CREATE = "create"
    UPDATE = "update"
    SUSPEND = "suspend"
    REACTIVATE = "reactivate"
    ACTIVATE = "activate"
    LINK_MANAGER = "link_manager"
    UNCHANGED = "unchanged"
    SKIP = "skip"
    CONFLICT = "conflict"
    INVALID = "invalid"


WRITING: frozenset[Kind] = frozenset(
    {
        Kind.CREATE,
        Kind.UPDATE,
        Kind.SUSPEND,
        Kind.REACTIVATE,
        Kind.ACTIVATE,
        Kind.LINK_MANAGER,
    }
)
"""The kinds that write to the directory; the others only account for an employee."""


class Result(enum.StrEnum):
    """How an employee came out of an import; every employee fetched has exactly one."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SUSPENDED = "suspended"
    REACTIVATED = "reactivated"
    ACTIVATED = "activated"
    SKIPPED = "skipped"
    CONFLICT = "conflict"
    INVALID = "invalid"
    FAILED = "failed"


RESULT_OF: Mapping[Kind, Result] = {
    Kind.CREATE: Result.CREATED,
    Kind.UPDATE: Result.UPDATED,
    Kind.SUSPEND: Result.SUSPENDED,
    Kind.REACTIVATE: Result.REACTIVATED,
    Kind.ACTIVATE: Result.ACTIVATED,
    Kind.LINK_MANAGER: Result.UPDATED,
    Kind.UNCHANGED: Result.UNCHANGED,
    Kind.SKIP: Result.SKIPPED,
    Kind.CONFLICT: Result.CONFLICT,
    Kind.INVALID: Result.INVALID,
}
"""The result of an employee whose change was carried out without an error."""

UNWRITTEN: Mapping[Kind, Result] = {
    kind: result for kind, result in RESULT_OF.items() if kind not in WRITING
}
"""The results of the employees for whom nothing is written."""

NEEDS_ATTENTION: frozenset[Result] = frozenset({Result.CONFLICT, Result.INVALID, Result.FAILED})
"""The results that an administrator should look at; they make exit status 1."""


class FieldChange(NamedTuple):
    """One field of the user, by the directory's name, before and after; None is "not set".

    An import makes and reads a dozen of these a person, which as dataclasses take twice as long.

    For the field `manager` both sides are directory ids of users, and `after` is None while the
    manager is still to be created by the same plan: `Change.manager` says who it will be.
    """

    field: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class ManagerLink:
    """Who the manager is to be: a user already there, or the employee whose user this plan makes.

    Both None means that the user is to have no manager. Both given mean a user that this plan makes
    the employee's: it is the manager only if that comes true.
    """

    user_id: str | None = None
    employee_id: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one employee's user, and why.

    `user_id` is None for a user still to be created, or where none was matched. `fields` holds
    every difference, the state (field `state`) and the manager (field `manager`) among them; a
    create carries all its values, `username` too. `external_id` is set when applying the change
    makes the user carry the employee's id from then on. `manager` is set when the second pass has
    to set or clear the manager. `wave` orders writes: a change that takes over an e-mail which
    another change gives up has a higher wave than that one, and waves are applied in turn.
    `with_whom` names the other employees' and users' ids of a conflict. `warnings` are what the
    administrator should know although the change goes ahead. `row` is where the employee stands in
    a file that people can look into (`Employee.row`). `takeover` is there where a user becomes this
    employee's that was not before.
    """

    kind: Kind
    employee_id: str
    name: str
    email: str
    reason: Reason
    user_id: str | None = None
    fields: tuple[FieldChange, ...] = ()
    external_id: str | None = None
    manager: ManagerLink | None = None
    wave: int = 0
    with_whom: tuple[str, ...] = ()
    warnings: tuple[Reason, ...] = ()
    row: int | None = None
    takeover: Takeover | None = None

    @property
    def asks(self) -> Consent | None:
        """What somebody has to agree to before this change is carried out."""
        return self.takeover.asks if self.takeover else None

    def after(self, name: str) -> Value:
        """The value that the field has after this change; None where the change leaves it alone."""
        return next((change.after for change in self.fields if change.field == name), None)


def declined(change: Change) -> Change:
    """What becomes of a change that asks, where nobody agrees: a conflict, and nothing is written.

    A change that asks nothing stays as it is.
    """
    takeover = change.takeover
    if takeover is None or takeover.asks is None:
        return change
    carried = (takeover.carried,) if takeover.carried else ()
    return Change(
        kind=Kind.CONFLICT,
        employee_id=change.employee_id,
        name=change.name,
        email=change.email,
        reason=takeover.declined(),
        wave=change.wave,
        with_whom=(*carried, *((change.user_id,) if change.user_id else ())),
        warnings=takeover.told(),
        row=change.row,
    )


@dataclass(frozen=True)
class Plan:
    """Every change of one import, one for each employee, ordered by wave and employee id.

    `warnings` concern the import as a whole (an attribute that nobody's record carries, a word
    that Rollcall does not know).
    """

    changes: tuple[Change, ...]
    warnings: tuple[Reason, ...] = ()
    counts: Counter[Kind] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", Counter(change.kind for change in self.changes))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the change of one employee ended in the directory.

    `user_id` is the user that was made or written to, None where there is none. `error` says what
    went wrong and what to do next when `result` is failed or conflict.
    """

    employee_id: str
    result: Result
    user_id: str | None = None
    error: Reason | None = None
