"""The plan: every decision about every employee, put together into one change each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rollcall.provisioning import differences, lifecycle
from rollcall.provisioning.change import Change, FieldChange, Kind, Plan
from rollcall.provisioning.differences import Differences
from rollcall.provisioning.employee import UNKNOWN, Employee
from rollcall.provisioning.identity import MAX_ID_LENGTH, is_valid_id
from rollcall.provisioning.lifecycle import Decision
from rollcall.provisioning.managers import Linked, Report, link_managers
from rollcall.provisioning.matching import By, Conflict, Match, match
from rollcall.provisioning.notices import distinct, notices
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.rules import Rules
from rollcall.provisioning.takeover import Claim, settle
from rollcall.provisioning.user import DirectoryIndex
from rollcall.provisioning.usernames import assign_usernames
from rollcall.provisioning.values import clean, cut
from rollcall.provisioning.wanted import Email, Wanted, want

LEFT_ALONE = frozenset({Kind.SKIP, Kind.INVALID})
"""The decisions that make no user and write to none."""


@dataclass(frozen=True, slots=True)
class _Case:
    """Everything known about one employee when its change is written down."""

    wanted: Wanted
    match: Match
    decision: Decision
    conflict: Conflict | None
    wave: int

    @property
    def written(self) -> bool:
        return self.conflict is None and self.decision.kind not in LEFT_ALONE


def plan(employees: Iterable[Employee], directory_index: DirectoryIndex, rules: Rules) -> Plan:
    """What an import of these employees does to this directory, one change for each of them.

    The same employees make the same plan in whatever order they come; there is no clock in it,
    and no value of an employee or a user makes it raise.
    """
    people, repeated = distinct(employees)
    cases = _cases([want(one, rules.mapping) for one in people], directory_index, rules)
    usernames = assign_usernames(
        {
            case.wanted.id: case.wanted.email
            for case in cases
            if case.written and case.match.user is None
        },
        directory_index.usernames,
    )
    links = link_managers([_report(case, rules) for case in cases], directory_index, rules.complete)
    changes = [
        _change(case, usernames.get(case.wanted.id, ""), links.get(case.wanted.id, Linked()), rules)
        for case in cases
    ]
    changes.sort(key=lambda change: change.wave)
    return Plan(tuple(changes), notices(people, repeated, directory_index, rules))


def _cases(people: Sequence[Wanted], index: DirectoryIndex, rules: Rules) -> list[_Case]:
    matches = match(people, index)
    decisions = {one.id: _decide(one, matches[one.id], rules) for one in people}
    claims = [
        Claim.of(one, matches[one.id].user, rules.complete)
        for one in people
        if matches[one.id].conflict is None and decisions[one.id].kind is not Kind.INVALID
    ]
    settled = settle(claims, index, _owners(matches))
    return [
        _Case(
            one,
            matches[one.id],
            decisions[one.id],
            matches[one.id].conflict or settled.conflicts.get(one.id),
            settled.waves.get(one.id, 0),
        )
        for one in people
    ]


def _owners(matches: Mapping[str, Match]) -> dict[str, str]:
    return {found.user.id: id_ for id_, found in matches.items() if found.user is not None}


def _decide(one: Wanted, found: Match, rules: Rules) -> Decision:
    if not is_valid_id(one.id):
        params = {"value": cut(clean(one.id), MAX_ID_LENGTH), "limit": str(MAX_ID_LENGTH)}
        return Decision(Kind.INVALID, reason=Reason("employee_id_invalid", params))
    if found.user is not None:
        return lifecycle.for_user(one.employee.status, found.user.state, rules)
    decision = lifecycle.for_new(one.employee.status, rules)
    if decision.kind is Kind.CREATE and one.email_is is not Email.VALID:
        return Decision(Kind.INVALID, reason=_no_email(one))
    return decision


def _no_email(one: Wanted) -> Reason:
    if one.email_is is Email.INVALID:
        return Reason("email_invalid", {"value": one.email})
    return Reason("email_missing")


def _report(case: _Case, rules: Rules) -> Report:
    mapped = rules.mapping.source_of("manager") is not None
    return Report(
        case.wanted.id,
        case.wanted.employee.supervisor if mapped else UNKNOWN,
        case.match.user,
        created=case.written and case.match.user is None,
        written=case.written,
    )


def _change(case: _Case, username: str, linked: Linked, rules: Rules) -> Change:
    if case.conflict is not None:
        return _left_alone(case, Kind.CONFLICT, case.conflict.reason, case.conflict.with_whom)
    kind, reason = case.decision.kind, case.decision.reason
    if kind in LEFT_ALONE and kind is not None and reason is not None:
        return _left_alone(case, kind, reason, ())
    return _writing(case, _differences(case, username, rules), linked)


def _left_alone(case: _Case, kind: Kind, reason: Reason, with_whom: tuple[str, ...]) -> Change:
    user = case.match.user
    return Change(
        kind=kind,
        employee_id=case.wanted.id,
        name=case.wanted.name,
        email=case.wanted.email,
        reason=reason,
        user_id=user.id if user else None,
        with_whom=with_whom,
    )


def _differences(case: _Case, username: str, rules: Rules) -> Differences:
    if case.match.user is None:
        return differences.of_new(case.wanted, username)
    return differences.of_user(case.wanted, case.match.user, rules.complete)


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
        names = ", ".join(one.field for one in found.fields)
        return Kind.UPDATE, Reason("differs", {"fields": names})
    if linked.change is not None:
        return Kind.LINK_MANAGER, Reason("manager_differs")
    return Kind.UNCHANGED, Reason("same")


def _adopted(case: _Case) -> Reason | None:
    """Why a user that carried nobody is this employee's from now on; None where it was before."""
    if case.match.user is None or case.match.by is By.ID:
        return None
    if case.match.by is By.EMAIL:
        return Reason("adopted_by_email", {"value": case.wanted.email})
    identifier = case.wanted.values["employeeIdentifier"]
    return Reason("adopted_by_identifier", {"value": identifier})
