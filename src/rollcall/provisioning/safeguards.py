"""Safeguards: when a plan looks so wrong that nothing of it is written unasked."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rollcall.provisioning.change import Change, FieldChange, Kind, ManagerLink
from rollcall.provisioning.directory_index import DirectoryIndex, filled_fields
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.user import State, User


@dataclass(frozen=True, slots=True)
class Safeguards:
    """How much one import may take away.

    Shares are between 0 and 1. At most `max_suspensions_share` of the users of this source that
    are not suspended may lose access, and at most `max_blanked_share` of the users that have a
    value in a field may lose it; `min_suspensions` and `min_blanked` are allowed at any size. At
    least `min_read_share` of the users that carry an employee have to be listed by the source.
    """

    max_suspensions_share: float = 0.10
    min_suspensions: int = 10
    max_blanked_share: float = 0.20
    min_blanked: int = 10
    min_read_share: float = 0.50


class Totals:
    """What a plan comes to, counted change by change while it is made.

    `lost` are the values that become empty, by field. `adopted` are the users that carry an
    employee only from this plan on: how many of them are not suspended, and have a value, by field.
    """

    def __init__(self) -> None:
        self.counts: Counter[Kind] = Counter()
        self.lost: Counter[str] = Counter()
        self.adopted = 0
        self.adopted_with: Counter[str] = Counter()

    @classmethod
    def of(cls, changes: Iterable[Change], users: Mapping[str, User]) -> Totals:
        """The totals of these changes of these users, by id."""
        totals = cls()
        for change in changes:
            totals.add(change, users.get(change.user_id or ""))
        return totals

    def add(self, change: Change, user: User | None) -> None:
        """Count one change of this user, as it is before."""
        self.counts[change.kind] += 1
        for field in change.fields:
            if field.before and not field.after and not _gets_a_manager(field, change.manager):
                self.lost[field.field] += 1
        # Users who are adopted count towards what may be lost, since the index, made before the
        # plan, does not know them as this source's.
        if change.external_id and user is not None and not user.external_id:
            self.adopted += user.state is not State.SUSPENDED
            self.adopted_with.update(filled_fields(user))


def brake(totals: Totals, index: DirectoryIndex, safeguards: Safeguards) -> Reason | None:
    """Why a plan is not to be applied as it is; None where nothing speaks against it."""
    return (
        _few_read(totals, index, safeguards)
        or _suspensions(totals, index, safeguards)
        or _blanked(totals, index, safeguards)
    )


def _allowed(share: float, least: int, of: int) -> int:
    # Never below the least: in a company of five, one who leaves is a fifth of it.
    return max(least, math.floor(share * of))


def _few_read(totals: Totals, index: DirectoryIndex, safeguards: Safeguards) -> Reason | None:
    linked = index.linked_count
    expected = math.ceil(safeguards.min_read_share * linked)
    count = totals.counts.total()
    if count >= expected:
        return None
    params = {"count": str(count), "users": str(linked), "limit": str(expected)}
    return Reason("brake_few_read" if count else "brake_nobody_read", params)


def _suspensions(totals: Totals, index: DirectoryIndex, safeguards: Safeguards) -> Reason | None:
    count = totals.counts[Kind.SUSPEND]
    users = index.linked_at_work + totals.adopted
    limit = _allowed(safeguards.max_suspensions_share, safeguards.min_suspensions, users)
    if count <= limit:
        return None
    params = {"count": str(count), "users": str(users), "limit": str(limit)}
    return Reason("brake_suspensions", params)


def _blanked(totals: Totals, index: DirectoryIndex, safeguards: Safeguards) -> Reason | None:
    for field, count in sorted(totals.lost.items()):
        users = index.linked_with[field] + totals.adopted_with[field]
        limit = _allowed(safeguards.max_blanked_share, safeguards.min_blanked, users)
        if count > limit:
            params = {"field": field, "count": str(count), "users": str(users)}
            return Reason("brake_blanked", {**params, "limit": str(limit)})
    return None


def _gets_a_manager(change: FieldChange, link: ManagerLink | None) -> bool:
    """Whether `after` is empty only since the manager is still to be created."""
    return change.field == "manager" and link is not None and link.employee_id is not None
