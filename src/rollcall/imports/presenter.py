"""A change in words, the same for portal, terminal, e-mail, file and API: fields, names, why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.formats import number_format

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
)
from rollcall.provisioning.reason import Reason

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
    """Who the managers of a page of changes are, in words: found in two queries, not one a row."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._users: dict[str, str] = {}
        self._employees: dict[str, str] = {}

    def learn(self, rows: Iterable[ChangeRecord]) -> None:
        """Look up everybody that these changes name as a manager."""
        changes = [row.change for row in rows]
        links = [change.manager for change in changes if change.manager]
        ids = {
            side
            for change in changes
            for field in change.fields
            if field.field == "manager"
            for side in (field.before, field.after)
        }
        ids |= {link.user_id for link in links}
        employees = {link.employee_id for link in links} - {None}
        self._users |= dict(self._named([user_id for user_id in ids if user_id]))
        # in the order of the plan, SQLite would read the whole run to find these few
        managers = ChangeRecord.objects.filter(run=self.run, employee_id__in=employees).order_by()
        self._employees |= dict(managers.values_list("employee_id", "name"))

    def learn_everybody(self) -> None:
        """Look up everybody who is a manager in the directory or becomes one in this run."""
        changes = ChangeRecord.objects.filter(run=self.run)
        if self.run.target == BUILTIN:
            self._users |= dict(_named(User.objects.filter(reports__isnull=False).distinct()))
        else:
            self._users |= dict(changes.exclude(user_id="").values_list("user_id", "name"))
        wanted = {link.employee_id for link in links_in(changes)}
        # All are read and few kept: a large company's managers are too many for one statement.
        named = changes.order_by().values_list("employee_id", "name").iterator()
        self._employees |= {key: name for key, name in named if key in wanted}

    def _named(self, ids: list[str]) -> Iterable[tuple[str, str]]:
        """The names of these users: of our own directory, or as the run itself knows them."""
        if self.run.target == BUILTIN:
            return _named(User.objects.filter(pk__in=ids))
        changes = ChangeRecord.objects.filter(run=self.run, user_id__in=ids).order_by()
        return changes.values_list("user_id", "name")

    def user(self, user_id: str | None) -> str:
        """The user's name; the id where it is not known here."""
        return self._users.get(user_id or "", user_id or "")

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


def why(row: ChangeRecord, source: str) -> str:
    """What went wrong, or else the reason of the change, then what to know besides.

    `source` is what the source is called (`source_accounts.source_of` the run). Where somebody has
    to look into a file, the row is named first.
    """
    change, outcome = row.change, row.outcome
    error = outcome and outcome.error
    told = [error or change.reason, *change.warnings]
    if change.row is not None and _is_to_be_looked_at(change, outcome):
        told.insert(0, Reason("csv_row", {"row": str(change.row)}))
    return " ".join(reasons.text(reason, source) for reason in told)


def _is_to_be_looked_at(change: Change, outcome: Outcome | None) -> bool:
    result = outcome.result if outcome else RESULT_OF[change.kind]
    return result in NEEDS_ATTENTION or bool(change.warnings)


def what(row: ChangeRecord) -> str:
    """How the employee came out; what is planned while that is still to come."""
    return result_label(row.result) if row.result else kind_label(row.kind)


def with_whom(row: ChangeRecord) -> str:
    """The other employees of a conflict, by their ids."""
    return ", ".join(row.change.with_whom)


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
