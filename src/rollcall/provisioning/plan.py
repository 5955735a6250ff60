"""The plan: every decision about every employee, put together into one change each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rollcall.core.text import clean, cut
from rollcall.provisioning.change import Change, FieldChange, Kind, Plan
from rollcall.provisioning.claims import Claim, settle
from rollcall.provisioning.desired_user import Email, Reader, Wanted
from rollcall.provisioning.diff import Comparison, Differences
from rollcall.provisioning.employee import Employee
from rollcall.provisioning.employee_ids import MAX_ID_LENGTH, is_valid_id
from rollcall.provisioning.lifecycle import Decision, Lifecycle
from rollcall.provisioning.managers import Linked, Report, link_managers
from rollcall.provisioning.matching import By, Match, match
from rollcall.provisioning.plan_warnings import distinct, notices
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.rules import Rules
from rollcall.provisioning.user import DirectoryIndex, State
from rollcall.provisioning.usernames import assign_usernames

STATES = {
    (before, after.value): FieldChange("state", before, after.value)
    for before in (None, *(state.value for state in State))
    for after in State
}
"""Every change of state, by before and after."""

SAME = Reason("same")
MANAGER_DIFFERS = Reason("manager_differs")

STAYS = Linked()
"""What happens to a manager of whom nothing is known."""

LEFT_ALONE = frozenset({Kind.SKIP, Kind.INVALID})
"""The decisions that make no user and write to none."""


@dataclass(frozen=True, slots=True)
class _Case:
    """Everything known about one employee when its change is written down."""

    wanted: Wanted
    match: Match
    decision: Decision
    wave: int

    @property
    def written(self) -> bool:
        return self.match.conflict is None and self.decision.kind not in LEFT_ALONE


def plan(employees: Iterable[Employee], directory_index: DirectoryIndex, rules: Rules) -> Plan:
    """What an import of these employees does to this directory, one change for each of them.

    The same employees make the same plan in whatever order they come; there is no clock in it,
    and no value of an employee or a user makes it raise. Employees are read one after the other
    and not kept, so a generator of them saves memory.
    """
    reader = Reader(rules.mapping)
    people, repeated = distinct(map(reader.want, employees))
    warnings = notices(people, repeated, reader.unseen, directory_index, rules)
    cases = _cases(people, directory_index, rules)
    del people
    changes = _changes(cases, directory_index, rules)
    changes.sort(key=lambda change: change.wave)
    return Plan(tuple(changes), warnings)


def _changes(cases: list[_Case], index: DirectoryIndex, rules: Rules) -> list[Change]:
    """The change of each case; the cases are used up, since both together would be much to keep."""
    made = {
        case.wanted.id: case.wanted.email
        for case in cases
        if case.written and case.match.user is None
    }
    usernames = assign_usernames(made, index.usernames)
    links = link_managers([_report(case) for case in cases], index, rules.complete)
    comparison = Comparison(rules.complete)
    changes: list[Change] = []
    cases.reverse()
    while cases:
        case = cases.pop()
        username, linked = usernames.pop(case.wanted.id, ""), links.pop(case.wanted.id, STAYS)
        changes.append(_change(case, username, linked, comparison))
    return changes


def _cases(people: list[Wanted], index: DirectoryIndex, rules: Rules) -> list[_Case]:
    matches = match(people, index)
    lifecycle = Lifecycle(rules)
    decisions = {one.id: _decide(one, matches[one.id], lifecycle) for one in people}
    claims = [
        Claim.of(one, matches[one.id].user, rules.complete)
        for one in people
        if matches[one.id].conflict is None and decisions[one.id].kind is not Kind.INVALID
    ]
    settled = settle(claims, index, _owners(matches))
    for employee_id, conflict in settled.conflicts.items():
        matches[employee_id] = matches[employee_id].in_conflict(conflict)
    return [
        _Case(one, matches[one.id], decisions[one.id], settled.waves.get(one.id, 0))
        for one in people
    ]


def _owners(matches: Mapping[str, Match]) -> dict[str, str]:
    return {found.user.id: id_ for id_, found in matches.items() if found.user is not None}


def _decide(one: Wanted, found: Match, lifecycle: Lifecycle) -> Decision:
    if not is_valid_id(one.id):
        params = {"value": cut(clean(one.id), MAX_ID_LENGTH), "limit": str(MAX_ID_LENGTH)}
        return Decision(Kind.INVALID, reason=Reason("employee_id_invalid", params))
    if found.user is not None:
        return lifecycle.of_user(one.status, found.user.state)
    decision = lifecycle.of_new(one.status)
    if decision.kind is Kind.CREATE and one.email_is is not Email.VALID:
        return Decision(Kind.INVALID, reason=_no_email(one))
    return decision


def _no_email(one: Wanted) -> Reason:
    if one.email_is is Email.INVALID:
        return Reason("email_invalid", {"value": one.email})
    return Reason("email_missing")


def _report(case: _Case) -> Report:
    return Report(
        case.wanted.id,
        case.wanted.supervisor,
        case.match.user,
        created=case.written and case.match.user is None,
        written=case.written,
    )


def _change(case: _Case, username: str, linked: Linked, comparison: Comparison) -> Change:
    conflict = case.match.conflict
    if conflict is not None:
        return _left_alone(case, Kind.CONFLICT, conflict.reason, conflict.with_whom)
    kind, reason = case.decision.kind, case.decision.reason
    if kind in LEFT_ALONE and kind is not None and reason is not None:
        return _left_alone(case, kind, reason, ())
    user = case.match.user
    if user is None:
        return _writing(case, comparison.of_new(case.wanted, username), linked)
    return _writing(case, comparison.of_user(case.wanted, user), linked)


def _left_alone(case: _Case, kind: Kind, reason: Reason, with_whom: tuple[str, ...]) -> Change:
    user = case.match.user
    return Change(
        kind=kind,
        employee_id=case.wanted.id,
        name=case.wanted.name,
        email=case.wanted.email or (user.email if user else ""),
        reason=reason,
        user_id=user.id if user else None,
        with_whom=with_whom,
    )


def _writing(case: _Case, found: Differences, linked: Linked) -> Change:
    user, decision = case.match.user, case.decision
    adopted = _adopted(case)
    kind, reason = _kind_and_reason(decision, found, linked, adopted)
    told = (adopted,) if adopted is not None and reason is not adopted else ()
    fields = list(found.fields)
    if decision.state is not None:
        fields.append(
            FieldChange("state", user.state.value if user else None, decision.state.value)
        )
    if linked.change is not None:
        fields.append(linked.change)
    return Change(
        kind=kind,
        employee_id=case.wanted.id,
        name=case.wanted.name,
        email=case.wanted.email or (user.email if user else ""),
        reason=reason,
        user_id=user.id if user else None,
        fields=tuple(fields),
        external_id=case.wanted.id if user is None or adopted else None,
        manager=linked.link,
        wave=case.wave,
        warnings=(*told, *decision.warnings, *found.warnings, *linked.warnings),
    )


def _kind_and_reason(
    decision: Decision, found: Differences, linked: Linked, adopted: Reason | None
) -> tuple[Kind, Reason]:
    if decision.kind is not None and decision.reason is not None:
        return decision.kind, decision.reason
    if adopted is not None:
        return Kind.UPDATE, adopted
    if found.fields:
        return Kind.UPDATE, _differs(tuple([one.field for one in found.fields]))
    if linked.change is not None:
        return Kind.LINK_MANAGER, MANAGER_DIFFERS
    return Kind.UNCHANGED, SAME


@lru_cache
def _differs(fields: tuple[str, ...]) -> Reason:
    return Reason("differs", {"fields": ", ".join(fields)})


def _adopted(case: _Case) -> Reason | None:
    """Why a user that carried nobody is this employee's from now on; None where it was before."""
    if case.match.user is None or case.match.by is By.ID:
        return None
    if case.match.by is By.EMAIL:
        return Reason("adopted_by_email", {"value": case.wanted.email})
    return Reason("adopted_by_identifier", {"value": case.wanted.identifier or ""})
