"""One employee's change, written down once everything about it is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rollcall.provisioning import diff
from rollcall.provisioning.change import Change, FieldChange, Kind
from rollcall.provisioning.consent import Takeover
from rollcall.provisioning.desired_user import Wanted
from rollcall.provisioning.diff import Differences
from rollcall.provisioning.lifecycle import Decision
from rollcall.provisioning.managers import Linked
from rollcall.provisioning.matching import By, Conflict
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.roster import LEFT_ALONE
from rollcall.provisioning.user import User

SAME = Reason("same")
MANAGER_DIFFERS = Reason("manager_differs")
USER_GONE = Reason("user_gone")


@dataclass(frozen=True, slots=True)
class Case:
    """Everything known about one employee: by itself, and from what concerns several.

    `user` is None where there is none, and where `user_id` was matched and is gone since.
    """

    wanted: Wanted
    user: User | None
    user_id: str | None
    by: By | None
    same: Reason | None
    conflict: Conflict | None
    decision: Decision
    wave: int
    username: str
    linked: Linked


def change_of(case: Case, complete: bool) -> Change:
    """The change of an employee; `complete` says whether the source was read to the end."""
    if case.conflict is not None:
        return _left_alone(case, Kind.CONFLICT, case.conflict.reason, case.conflict.with_whom)
    # Not made anew: somebody has deleted the user since the directory was read.
    if case.user_id is not None and case.user is None:
        return _left_alone(case, Kind.CONFLICT, USER_GONE, (case.user_id,))
    kind, reason = case.decision.kind, case.decision.reason
    if kind in LEFT_ALONE and kind is not None and reason is not None:
        return _left_alone(case, kind, reason, ())
    if case.user is None:
        return _writing(case, diff.of_new(case.wanted, case.username))
    return _writing(case, diff.of_user(case.wanted, case.user, complete=complete))


def _left_alone(case: Case, kind: Kind, reason: Reason, with_whom: tuple[str, ...]) -> Change:
    user, keys = case.user, case.wanted.keys
    return Change(
        kind=kind,
        employee_id=keys.id,
        name=case.wanted.name,
        email=keys.email or (user.email if user else ""),
        reason=reason,
        user_id=user.id if user else None,
        with_whom=with_whom,
        row=case.wanted.row,
    )


def _writing(case: Case, differences: Differences) -> Change:
    user, decision, linked, keys = case.user, case.decision, case.linked, case.wanted.keys
    adopted = _adopted(case)
    kind, reason = _kind_and_reason(decision, differences, linked, adopted)
    told = (adopted,) if adopted is not None and reason is not adopted else ()
    # As it is now: whoever agrees to it, or a later attempt, compares the user with this.
    takeover = _takeover(case, user) if user is not None and adopted is not None else None
    if takeover is not None and takeover.asks:
        told = (*told, *takeover.told())
    fields = list(differences.fields)
    if decision.state is not None:
        before = user.state.value if user else None
        fields.append(FieldChange("state", before, decision.state.value))
    if linked.change is not None:
        fields.append(linked.change)
    return Change(
        kind=kind,
        employee_id=keys.id,
        name=case.wanted.name,
        email=keys.email or (user.email if user else ""),
        reason=reason,
        user_id=user.id if user else None,
        fields=tuple(fields),
        # A user that carries the employee already is not written to for that.
        external_id=keys.id if user is None or adopted else None,
        manager=linked.link,
        wave=case.wave,
        takeover=takeover,
        warnings=(*told, *decision.warnings, *differences.warnings, *linked.warnings),
        row=case.wanted.row,
    )


def _takeover(case: Case, user: User) -> Takeover:
    texts = dict(case.wanted.texts)
    names = [texts.get("firstname"), texts.get("lastname")]
    return Takeover.of(user, [name for name in names if isinstance(name, str)])


def _kind_and_reason(
    decision: Decision, differences: Differences, linked: Linked, adopted: Reason | None
) -> tuple[Kind, Reason]:
    # In this order: a change of state tells more than that some values differ too.
    if decision.kind is not None and decision.reason is not None:
        return decision.kind, decision.reason
    if adopted is not None:
        return Kind.UPDATE, adopted
    if differences.fields:
        return Kind.UPDATE, _differs(tuple([change.field for change in differences.fields]))
    if linked.change is not None:
        return Kind.LINK_MANAGER, MANAGER_DIFFERS
    return Kind.UNCHANGED, SAME


@lru_cache
def _differs(fields: tuple[str, ...]) -> Reason:
    return Reason("differs", {"fields": ", ".join(fields)})


def _adopted(case: Case) -> Reason | None:
    """Why a user that carried nobody is this employee's from now on; None where it was before."""
    if case.user is None or case.by is By.ID:
        return None
    if case.by is By.SAME_PERSON:
        return case.same
    if case.by is By.EMAIL:
        return Reason("adopted_by_email", {"value": case.wanted.keys.email})
    return Reason("adopted_by_identifier", {"value": case.wanted.keys.identifier or ""})
