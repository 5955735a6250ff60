"""Rehires: one person under two employee ids, of whom the working one counts."""

from __future__ import annotations

from rollcall.provisioning.matching import By
from rollcall.provisioning.numbering import NONE
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.roster import Key, Roster


def let_the_working_one_stand(roster: Roster) -> None:
    """Of several records with one e-mail or identifier, those who are away claim it no more, where
    exactly one is left and at work, or nobody is.

    Who of several working ones is meant, or whether somebody with an unknown status works, has to
    be asked: all of these stay in each other's way.
    """
    for key in Key:
        for _, employees in roster.sharing(key):
            standing = [employee for employee in employees if not roster.is_away(employee)]
            if not standing:
                _let_all_go(roster, key, employees)
            elif len(standing) == 1 and roster.works(standing[0]) and roster.claims(standing[0]):
                for employee in employees:
                    if employee != standing[0]:
                        roster.step_back(employee, key, standing[0])


def _let_all_go(roster: Roster, key: Key, employees: list[int]) -> None:
    """Let none of these have it but the one whose user is theirs by the id, if only one is.

    Where everybody has left there is nothing to settle, and whoever has a user is to lose access.
    """
    owners = [employee for employee in employees if roster.matched_by(employee) is By.ID]
    keeper = owners[0] if len(owners) == 1 else NONE
    for employee, other in zip(employees, [*employees[1:], employees[0]], strict=True):
        if employee != keeper:
            roster.step_back(employee, key, other if keeper == NONE else keeper)


def find_same_people(roster: Roster, complete: bool) -> None:
    """Let everybody who is at work and has no user yet take over that of an older record of theirs.

    An older record is one that holds the e-mail and is away, without an e-mail or (where everybody
    was read) no longer listed, or is away and has the same e-mail in the source. Where there are
    several, all of them are in conflict.
    """
    for employee in range(len(roster)):
        if not roster.is_created(employee):
            continue
        older = _older(roster, employee, complete)
        # Taking over one of several would be a guess about whose access it is.
        if len(older) == 1:
            [(user, why)] = older.items()
            roster.take_over(employee, user, why)
        elif older:
            owners = [owner for user in older if (owner := roster.owner(user)) != NONE]
            params = {"value": roster.emails[roster.email(employee)]}
            users = tuple(sorted(roster.index.ids[user] for user in older))
            clash, employees = roster.clash(
                "same_person_several", params, [employee, *owners], users
            )
            for each in employees:
                roster.put_in_conflict(each, clash)


def _older(roster: Roster, employee: int, complete: bool) -> dict[int, Reason]:
    """The users of what may be this employee's older records, and what speaks for it."""
    older: dict[int, Reason] = {}
    holders = roster.index.with_email(roster.email(employee))
    if len(holders) == 1 and (why := _why(roster, employee, holders[0], complete)):
        older[holders[0]] = why
    for other in roster.behind(employee):
        if roster.matched_by(other) is By.ID and roster.conflict(other) is None:
            older[roster.user(other)] = _reason("same_person_away", roster, employee, other)
    return older


def _why(roster: Roster, employee: int, user: int, complete: bool) -> Reason | None:
    """Why the holder of the e-mail may be the same person; None where nothing says so."""
    index = roster.index
    carried = index.external_id(user)
    # Several users that carry one employee are a conflict of their own.
    if not carried or len(index.carrying(carried)) > 1:
        return None
    other = roster.ids.find(carried)
    if other == NONE:
        params = {"employee": carried, "value": roster.emails[roster.email(employee)]}
        return Reason("same_person_absent", params) if complete else None
    if roster.user(other) != user or roster.conflict(other) is not None:
        return None
    # Who has another e-mail in the source gives this one up, and nobody has to be asked.
    if roster.stands_behind(other, Key.EMAIL) != NONE or roster.email(other) != NONE:
        return None
    if roster.is_away(other):
        return _reason("same_person_away", roster, employee, other)
    if roster.lacks_email(other):
        return _reason("same_person_without_email", roster, employee, other)
    return None


def _reason(code: str, roster: Roster, employee: int, other: int) -> Reason:
    value = roster.emails[roster.email(employee)]
    return Reason(code, {"employee": roster.ids[other], "value": value})
