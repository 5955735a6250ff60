"""The outline of a plan: what concerns several employees is decided, in little memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Self

from rollcall.core.text import clean, cut
from rollcall.provisioning.change import Change, Kind
from rollcall.provisioning.claims import settle
from rollcall.provisioning.desired_user import Email, Keys, Reader, Wanted, hidden_params
from rollcall.provisioning.directory_index import DirectoryIndex
from rollcall.provisioning.employee import UNKNOWN, Employee
from rollcall.provisioning.employee_ids import MAX_ID_LENGTH, id_order, is_valid_id
from rollcall.provisioning.lifecycle import Decision, Lifecycle
from rollcall.provisioning.managers import Managers
from rollcall.provisioning.matching import NOBODY, By, match
from rollcall.provisioning.numbering import NONE, Numbering
from rollcall.provisioning.plan_warnings import plan_warnings
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.rehires import find_same_people, let_the_working_one_stand
from rollcall.provisioning.roster import Key, Roster
from rollcall.provisioning.rules import Rules
from rollcall.provisioning.single_change import Case, change_of
from rollcall.provisioning.user import State, User
from rollcall.provisioning.usernames import assign_usernames

NOBODY_ERASED: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Outline:
    """What every change of a plan follows from, besides its own employee and user.

    Employees and users are read once for it and not kept: of a million of each, it takes some
    hundred bytes apiece. `changes` then decides any part of the plan, for whoever brings the
    employees and users of that part again. `warnings` concern the import as a whole.
    """

    rules: Rules
    warnings: tuple[Reason, ...]
    _roster: Roster
    _order: array[int]
    _waves: Mapping[int, int]
    _names: Numbering
    _usernames: array[int]
    _managers: Managers
    _erased: Mapping[str, str]

    @classmethod
    def of(
        cls,
        employees: Iterable[Employee],
        index: DirectoryIndex,
        rules: Rules,
        erased: Mapping[str, str] = NOBODY_ERASED,
    ) -> Self:
        """The outline of an import of these employees into this directory.

        Each employee comes once, in any order. `erased` are the ids of people who were erased, with
        the day (ISO 8601): who of them is no user gets none.

        Raises:
            ValueError: an employee comes twice.
        """
        reader = Reader(rules.mapping)
        roster = _roster(map(reader.keys, employees), index, rules, erased)
        order = roster.in_order()
        settled = settle(roster, order, rules.complete)
        for employee, conflict in settled.conflicts.items():
            roster.put_in_conflict(employee, conflict)
        waves = {who: wave for who, wave in settled.waves.items() if roster.is_written(who)}
        names = Numbering(index.usernames)
        return cls(
            rules=rules,
            warnings=plan_warnings(roster, reader.unseen, rules, _kept_out(roster, erased)),
            _roster=roster,
            _order=_by_wave(order, waves),
            _waves=waves,
            _names=names,
            _usernames=_usernames(roster, order, names, rules.username_length),
            _managers=Managers(roster, rules.complete),
            _erased=erased,
        )

    def employee_ids(self) -> Iterator[str]:
        """Everybody in the order of the plan: by wave, then by employee id."""
        return (self._roster.ids[employee] for employee in self._order)

    def user_ids(self, employee_ids: Iterable[str]) -> list[str]:
        """The ids of the users that these employees are."""
        roster = self._roster
        users = (roster.user(roster.ids.find(employee_id)) for employee_id in employee_ids)
        return [roster.index.ids[user] for user in users if user != NONE]

    def changes(self, employees: Iterable[Employee], users: Mapping[str, User]) -> Iterator[Change]:
        """The change of each of these employees; `users` are those of `user_ids`, by id.

        A user that is no longer there makes its employee a conflict.
        """
        # New for each stretch: what it remembers of values must not grow with the company.
        reader, lifecycle = Reader(self.rules.mapping), Lifecycle(self.rules)
        for employee in employees:
            number = self._roster.ids.find(employee.id)
            if employee.id in self._erased and self._roster.user(number) == NONE:
                yield _kept_out_change(employee, self._erased[employee.id])
                continue
            matched = self._roster.user(number)
            user_id = None if matched == NONE else self._roster.index.ids[matched]
            user = users.get(user_id) if user_id is not None else None
            wanted = self._left_to_it(reader.want(employee), number)
            yield change_of(
                Case(
                    wanted=wanted,
                    user=user,
                    user_id=user_id,
                    by=self._roster.matched_by(number),
                    conflict=self._roster.conflict(number),
                    same=self._roster.why_same(number),
                    decision=self._decision(wanted.keys, number, user, lifecycle),
                    wave=self._waves.get(number, 0),
                    username=self._username(number),
                    linked=self._managers.linked(number, user.manager if user else None),
                ),
                self.rules.complete,
            )

    def _left_to_it(self, wanted: Wanted, employee: int) -> Wanted:
        """What the employee wants, without what it has left to somebody who works."""
        if self._roster.stands_behind(employee, Key.EMAIL) != NONE:
            wanted = wanted.without_email()
        if self._roster.stands_behind(employee, Key.IDENTIFIER) != NONE:
            wanted = wanted.without_identifier()
        return wanted

    def _decision(
        self, keys: Keys, employee: int, user: User | None, lifecycle: Lifecycle
    ) -> Decision:
        roster = self._roster
        if (other := roster.replaced_by(employee)) != NONE:
            reason = Reason("replaced_by_employee", {"employee": roster.ids[other]})
            return Decision(Kind.SKIP, reason=reason)
        decision = decide(keys, user.state if user else None, lifecycle)
        # Taking access from somebody who may be at work under another id is the greater harm.
        if decision.kind is Kind.SUSPEND and (other := roster.contender(employee)) != NONE:
            params = {"employee": roster.ids[other]}
            return Decision(warnings=(Reason("not_suspended_contended", params),))
        return decision

    def _username(self, employee: int) -> str:
        number = self._usernames[employee]
        return "" if number == NONE else self._names[number]


def decide(keys: Keys, state: State | None, lifecycle: Lifecycle) -> Decision:
    """What happens to an employee whose user is in this state (None: there is no user)."""
    if not is_valid_id(keys.id):
        params = {"value": cut(clean(keys.id), MAX_ID_LENGTH), "limit": str(MAX_ID_LENGTH)}
        return Decision(Kind.INVALID, reason=Reason("employee_id_invalid", params))
    if state is not None:
        return lifecycle.of_user(keys.status, state)
    decision = lifecycle.of_new(keys.status)
    if decision.kind is Kind.CREATE and keys.email_is is not Email.VALID:
        return Decision(Kind.INVALID, reason=_no_email(keys))
    return decision


def _no_email(keys: Keys) -> Reason:
    if keys.hidden is not None:
        return Reason("email_invisible", hidden_params(keys))
    if keys.email_is is Email.INVALID:
        return Reason("email_invalid", {"value": keys.email})
    return Reason("email_missing")


def _roster(
    everybody: Iterable[Keys], index: DirectoryIndex, rules: Rules, erased: Mapping[str, str]
) -> Roster:
    """Everybody, each with a user of their own or a conflict."""
    roster, lifecycle = Roster(index), Lifecycle(rules)
    for keys in everybody:
        own = match(keys, index)
        if keys.id in erased and own.by is not By.ID:
            roster.add(_nothing_of(keys), NOBODY, Kind.SKIP)
            continue
        state = None if own.user == NONE else index.state(own.user)
        roster.add(keys, own, decide(keys, state, lifecycle).kind)
    let_the_working_one_stand(roster)
    for clash, employees in roster.clashes():
        for employee in employees:
            roster.put_in_conflict(employee, clash)
    find_same_people(roster, rules.complete)
    return roster


def _nothing_of(keys: Keys) -> Keys:
    """Somebody who claims nothing, so that nobody else is in conflict with them."""
    return Keys(keys.id, "", Email.UNKNOWN, UNKNOWN, UNKNOWN, None)


def _kept_out(roster: Roster, erased: Mapping[str, str]) -> list[str]:
    """The ids of those who get no user because they were erased."""
    listed = ((employee_id, roster.ids.find(employee_id)) for employee_id in erased)
    kept_out = [
        employee_id
        for employee_id, number in listed
        if number != NONE and roster.user(number) == NONE
    ]
    return sorted(kept_out, key=id_order)


def _kept_out_change(employee: Employee, day: str) -> Change:
    return Change(
        kind=Kind.SKIP,
        employee_id=employee.id,
        name="",
        email="",
        reason=Reason("erased", {"day": day, "employee": employee.id}),
        row=employee.row,
    )


def _by_wave(order: array[int], waves: Mapping[int, int]) -> array[int]:
    """Nearly everybody is in wave 0 and stays in place; the sort is stable."""
    return (
        array("i", sorted(order, key=lambda employee: waves.get(employee, 0))) if waves else order
    )


def _usernames(roster: Roster, order: array[int], names: Numbering, limit: int) -> array[int]:
    """The username of everybody whose user is made, as a number among the names."""
    made = array("i", filter(roster.is_created, order))
    emails = (roster.emails[roster.email(employee)] for employee in made)
    given = assign_usernames(emails, names, limit)
    usernames = array("i", [NONE]) * len(roster)
    for employee, name in zip(made, given, strict=True):
        usernames[employee] = name
    return usernames
