"""Safeguards: when a plan looks so wrong that nothing of it is written unasked."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from rollcall.provisioning.change import Kind, Plan
from rollcall.provisioning.diff import current_value
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.user import DirectoryIndex, State, User


@dataclass(frozen=True, slots=True)
class Safeguards:
    """How much one import may take away.

    Shares are between 0 and 1. At most `max_suspensions_share` of the users of this source that
    are not suspended may lose access, and at most `max_blanked_share` of the users that have a
    value in a field may lose it; `min_suspensions` and `min_blanked` are allowed at any size. At
    least `min_read_share` of the users that carry an employee have to be listed by Personio.
    """

    max_suspensions_share: float = 0.10
    min_suspensions: int = 10
    max_blanked_share: float = 0.20
    min_blanked: int = 10
    min_read_share: float = 0.50


def brake(plan: Plan, index: DirectoryIndex, safeguards: Safeguards) -> Reason | None:
    """Why the plan is not to be applied as it is; None where nothing speaks against it."""
    return (
        _few_read(plan, index, safeguards)
        or _suspensions(plan, index, safeguards)
        or _blanked(plan, index, safeguards)
    )


def _allowed(share: float, least: int, of: int) -> int:
    return max(least, math.floor(share * of))


def _few_read(plan: Plan, index: DirectoryIndex, safeguards: Safeguards) -> Reason | None:
    linked = sum(map(len, index.by_external_id.values()))
    expected = math.ceil(safeguards.min_read_share * linked)
    count = len(plan.changes)
    if count >= expected:
        return None
    params = {"count": str(count), "users": str(linked), "limit": str(expected)}
    return Reason("brake_few_read" if count else "brake_nobody_read", params)


def _suspensions(plan: Plan, index: DirectoryIndex, safeguards: Safeguards) -> Reason | None:
    count = plan.counts[Kind.SUSPEND]
    users = sum(user.state is not State.SUSPENDED for user in _of_this_source(plan, index))
    limit = _allowed(safeguards.max_suspensions_share, safeguards.min_suspensions, users)
    if count <= limit:
        return None
    params = {"count": str(count), "users": str(users), "limit": str(limit)}
    return Reason("brake_suspensions", params)


def _of_this_source(plan: Plan, index: DirectoryIndex) -> list[User]:
    """The users that carry an employee, and those that do once the plan is applied."""
    linked = {user.id: user for users in index.by_external_id.values() for user in users}
    for change in plan.changes:
        adopted = index.by_id.get(change.user_id or "") if change.external_id else None
        if adopted is not None:
            linked[adopted.id] = adopted
    return list(linked.values())


def _blanked(plan: Plan, index: DirectoryIndex, safeguards: Safeguards) -> Reason | None:
    lost = Counter(
        one.field
        for change in plan.changes
        for one in change.fields
        if one.before and not one.after and not _gets_a_manager(one.field, change.manager)
    )
    for field, count in sorted(lost.items()):
        if count <= safeguards.min_blanked:
            continue
        users = sum(bool(current_value(user, field)) for user in _of_this_source(plan, index))
        limit = _allowed(safeguards.max_blanked_share, safeguards.min_blanked, users)
        if count > limit:
            params = {"field": field, "count": str(count), "users": str(users)}
            return Reason("brake_blanked", {**params, "limit": str(limit)})
    return None


def _gets_a_manager(field: str, link: object) -> bool:
    """Whether `after` is empty only since the manager is still to be created."""
    return field == "manager" and getattr(link, "employee_id", None) is not None
