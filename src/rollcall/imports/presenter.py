"""A change in words, the same for portal, terminal, e-mail, file and API: fields, names, why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.formats import number_format

from rollcall.database.bulk_insert import in_parts
from rollcall.directory.labels import field_label, state_word
from rollcall.directory.models import User
from rollcall.imports import reasons
from rollcall.imports.accounting import RESULT_ORDER
from rollcall.imports.labels import kind_label, result_label
from rollcall.imports.models import PLANNED_STATES, ChangeRecord, Run
from rollcall.imports.open_targets import BUILTIN
from rollcall.imports.source_accounts import source_of
from rollcall.imports.storing import links_in
from rollcall.provisioning.change import (
    NEEDS_ATTENTION,
    RESULT_OF,
    Change,
    FieldChange,
    Kind,
    ManagerLink,
    Outcome,
    Result,
)
from rollcall.provisioning.reason import Reason

AT_ONCE: Final = 1000
USERS_NAMED: Final = ("user", "users", "with_whom")
"""The parameters of reasons that are ids of users."""

EMPLOYEES_NAMED: Final = ("employee", "employees", "supervisor")
"""The parameters of reasons that are ids of employees."""

_BAD = frozenset(result.value for result in NEEDS_ATTENTION)


@dataclass(frozen=True)
class Difference:
    """One field of a change as the page shows it; "" stands for no value."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Count:
    """How many employees had one kind of change or one result."""

    key: str
    label: str
    number: int
    needs_attention: bool


class Names:
    """Who the people of a page of changes are, in words: found in two queries, not one a row."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._users: dict[str, str] = {}
        self._employees: dict[str, str] = {}

    def learn(self, rows: Iterable[ChangeRecord]) -> None:
        """Look up everybody whom these changes name: as a manager, or in why they are made."""
        rows = list(rows)
        changes = [row.change for row in rows]
        links = [change.manager for change in changes if change.manager]
        users = {
            side or ""
            for change in changes
            for field in change.fields
            if field.field == "manager"
            for side in (field.before, field.after)
        }
        users |= {link.user_id or "" for link in links}
        named_users, named_employees = _named_in_reasons(rows)
        employees = {link.employee_id or "" for link in links}
        self._learn(users | named_users, employees | named_employees)

    def learn_reasons(self, rows: Iterable[ChangeRecord]) -> None:
        """Look up those alone whom the reasons of these changes name."""
        self._learn(*_named_in_reasons(rows))

    def _learn(self, users: set[str], employees: set[str]) -> None:
        users, employees = users - {""}, employees - {""}
        if users:
            self._users |= dict(self._named(users))
        if employees:
            # in the order of the plan, SQLite would read the whole run to find these few
            rows = ChangeRecord.objects.filter(run=self.run, employee_id__in=employees).order_by()
            self._employees |= dict(rows.values_list("employee_id", "name"))

    def learn_everybody(self) -> None:
        """Look up every manager of the directory and of this run, and who is named in conflicts."""
        changes = ChangeRecord.objects.filter(run=self.run)
        clashing = changes.filter(Q(kind=Kind.CONFLICT.value) | Q(result=Result.CONFLICT.value))
        for rows in in_parts(clashing.order_by().iterator(chunk_size=AT_ONCE), AT_ONCE):
            self.learn(rows)
        if self.run.target == BUILTIN:
            self._users |= dict(_named(User.objects.filter(reports__isnull=False).distinct()))
        else:
            self._users |= dict(changes.exclude(user_id="").values_list("user_id", "name"))
        wanted = {link.employee_id for link in links_in(changes)}
        # All are read and few kept: a large company's managers are too many for one statement.
        named = changes.order_by().values_list("employee_id", "name").iterator()
        self._employees |= {key: name for key, name in named if key in wanted}

    def _named(self, ids: Collection[str]) -> Iterable[tuple[str, str]]:
        """The names of these users: of our own directory, or as the run itself knows them."""
        if self.run.target == BUILTIN:
            return _named(User.objects.filter(pk__in=ids))
        changes = ChangeRecord.objects.filter(run=self.run, user_id__in=ids).order_by()
        return changes.values_list("user_id", "name")

    def user(self, user_id: str | None) -> str:
        """The user's name; the id where it is not known here."""
        return self._users.get(user_id or "", user_id or "")

    def called(self, id_: str) -> str:
        """The user or employee of this id by name, with the id to find them by."""
        name = self._employees.get(id_) or self._users.get(id_)
        return f"{name} ({id_})" if name else id_

    def in_words(self, reason: Reason) -> Reason:
        """The reason with the people whom it tells of by their names."""
        named = {
            name: _each(value, self.called)
            for name, value in reason.params.items()
            if name in (*USERS_NAMED, *EMPLOYEES_NAMED)
        }
        return replace(reason, params={**reason.params, **named}) if named else reason

    def to_be(self, link: ManagerLink | None) -> str:
        """The manager that the link sets."""
        if link is None:
            return ""
        employee = link.employee_id or ""
        return self.user(link.user_id) or self._employees.get(employee, employee)


def differences(row: ChangeRecord, names: Names) -> list[Difference]:
    """The change field by field, in words."""
    change = row.change
    return [_difference(field, change.manager, names) for field in change.fields]


class Fields(list[Difference]):
    """Differences that are readable as text too, for the file."""

    def __str__(self) -> str:
        return "; ".join(f"{field.label}: {field.before} → {field.after}" for field in self)


def why(row: ChangeRecord, source: str, names: Names) -> str:
    """What went wrong, or else the reason of the change, then what to know besides.

    `source` is what the source is called (`source_accounts.source_of` the run); `names` has learned
    who is in the change. Where somebody has to look into a file, the row is named first.
    """
    change, outcome = row.change, row.outcome
    told = [names.in_words(reason) for reason in _told(row)]
    if change.row is not None and _is_to_be_looked_at(change, outcome):
        told.insert(0, Reason("csv_row", {"row": str(change.row)}))
    return " ".join(reasons.text(reason, source) for reason in told)


def _told(row: ChangeRecord) -> list[Reason]:
    outcome = row.outcome
    return [(outcome and outcome.error) or row.change.reason, *row.change.warnings]


def _named_in_reasons(rows: Iterable[ChangeRecord]) -> tuple[set[str], set[str]]:
    """The ids of the users, and of the employees, whom the reasons of these changes name."""
    users: set[str] = set()
    employees: set[str] = set()
    for row in rows:
        # of a conflict's others nobody has written down which are which
        users.update(row.change.with_whom)
        employees.update(row.change.with_whom)
        for reason in _told(row):
            users.update(_ids_in(reason, USERS_NAMED))
            employees.update(_ids_in(reason, EMPLOYEES_NAMED))
    return users, employees


def _ids_in(reason: Reason, named: Collection[str]) -> list[str]:
    """The ids of people in these parameters, which are lists as `matching.Clash` writes them."""
    texts = [reason.params[name] for name in named if name in reason.params]
    return [id_ for text in texts for id_ in text.partition(" (+")[0].split(", ")]


def _each(text: str, called: Callable[[str], str]) -> str:
    ids, more, number = text.partition(" (+")
    return ", ".join(called(id_) for id_ in ids.split(", ")) + more + number


def _is_to_be_looked_at(change: Change, outcome: Outcome | None) -> bool:
    result = outcome.result if outcome else RESULT_OF[change.kind]
    return result in NEEDS_ATTENTION or bool(change.warnings)


def what(row: ChangeRecord) -> str:
    """How the employee came out; what is planned while that is still to come."""
    return result_label(row.result) if row.result else kind_label(row.kind)


def with_whom(row: ChangeRecord, names: Names) -> str:
    """The other employees and users of a conflict, by name and id."""
    return ", ".join(names.called(id_) for id_ in row.change.with_whom)


def warnings(run: Run) -> list[str]:
    """What the source and the plan had to tell of the import as a whole, each once."""
    # The same warning may have come with several pages of what was read.
    source = source_of(run)
    return list(dict.fromkeys(reasons.text_of_record(warning, source) for warning in run.warnings))


def counts(run: Run) -> list[Count]:
    """The run's counts, those of nobody left out."""
    return [count for count in every_count(run) if count.number]


def every_count(run: Run) -> list[Count]:
    """The run's counts: by kind of change while they are a plan, by result otherwise."""
    if run.state in PLANNED_STATES:
        words = {kind.value: kind_label(kind) for kind in Kind}
    else:
        words = {result.value: result_label(result) for result in RESULT_ORDER}
    return [Count(key, word, run.counts.get(key, 0), key in _BAD) for key, word in words.items()]


def counts_in_words(run: Run) -> str:
    """The counts in one line, those of nobody left out."""
    return ", ".join(f"{count.label} {_grouped(count.number)}" for count in counts(run))


def _grouped(number: int) -> str:
    return number_format(number, use_l10n=True, force_grouping=True)


def _named(users: QuerySet[User]) -> Iterable[tuple[str, str]]:
    for key, first, last in users.values_list("pk", "firstname", "lastname"):
        yield key, f"{first} {last}".strip()


def _difference(field: FieldChange, link: ManagerLink | None, names: Names) -> Difference:
    label, before, after = field_label(field.field), field.before or "", field.after or ""
    if field.field == "manager":
        return Difference(label, names.user(before), names.user(after) or names.to_be(link))
    if field.field == "state":
        return Difference(label, state_word(before), state_word(after))
    return Difference(label, before, after)
