"""The fields of a change in words: what was, what becomes of it, who the managers are, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext

from rollcall.directory.models import User
from rollcall.imports.models import ChangeRecord, Run
from rollcall.imports.open_targets import BUILTIN
from rollcall.web.shell.text import labels, reasons


@dataclass(frozen=True)
class Difference:
    """One field of a change as the page shows it; "" stands for no value."""

    label: str
    before: str
    after: str


class Names:
    """Who the managers of a page of changes are, in words: found in two queries, not one a row."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._users: dict[str, str] = {}
        self._employees: dict[str, str] = {}

    def learn(self, rows: Iterable[ChangeRecord]) -> None:
        """Look up everybody that these changes name as a manager."""
        links = [row.manager for row in rows if row.manager]
        ids = {
            side
            for row in rows
            for field, *sides in row.fields
            if field == "manager"
            for side in sides
        }
        ids |= {link["user_id"] for link in links}
        employees = {link["employee_id"] for link in links} - {None}
        self._users |= dict(self._named([user_id for user_id in ids if user_id]))
        # in the order of the plan, SQLite would read the whole run to find these few
        managers = ChangeRecord.objects.filter(run=self.run, employee_id__in=employees).order_by()
        self._employees |= dict(managers.values_list("employee_id", "name"))

    def learn_everybody(self) -> None:
        """Look up everybody who is a manager in the directory or becomes one in this run."""
        changes = ChangeRecord.objects.filter(run=self.run)
        if self.run.directory == BUILTIN:
            self._users |= dict(_named(User.objects.filter(reports__isnull=False).distinct()))
        else:
            self._users |= dict(changes.exclude(user_id="").values_list("user_id", "name"))
        links = changes.exclude(manager=None).values_list("manager", flat=True)
        wanted = {link["employee_id"] for link in links.iterator() if link}
        named = changes.order_by().values_list("employee_id", "name").iterator()
        self._employees |= {key: name for key, name in named if key in wanted}

    def _named(self, ids: list[str]) -> Iterable[tuple[str, str]]:
        """The names of these users: of our own directory, or as the run itself knows them."""
        if self.run.directory == BUILTIN:
            return _named(User.objects.filter(pk__in=ids))
        changes = ChangeRecord.objects.filter(run=self.run, user_id__in=ids).order_by()
        return changes.values_list("user_id", "name")

    def user(self, user_id: str | None) -> str:
        """The user's name; the id where it is not known here."""
        return self._users.get(user_id or "", user_id or "")

    def to_be(self, row: ChangeRecord) -> str:
        """The manager that the change sets."""
        link: Mapping[str, str | None] = row.manager or {}
        employee = link.get("employee_id") or ""
        return self.user(link.get("user_id")) or self._employees.get(employee, employee)


def differences(row: ChangeRecord, names: Names) -> list[Difference]:
    """The change field by field, in words."""
    return [_difference(row, names, *field) for field in row.fields]


class Fields(list[Difference]):
    """Differences that are readable as text too, for the file."""

    def __str__(self) -> str:
        return "; ".join(f"{field.label}: {field.before} → {field.after}" for field in self)


def explain(row: ChangeRecord) -> str:
    """The reason of the change, what went wrong, and what to know besides, in words."""
    told = [row.error or row.reason, *row.warnings]
    return " ".join(reasons.text_of_record(reason) for reason in told)


def _named(users: QuerySet[User]) -> Iterable[tuple[str, str]]:
    for key, first, last in users.values_list("pk", "firstname", "lastname"):
        yield key, f"{first} {last}".strip()


def _difference(
    row: ChangeRecord, names: Names, field: str, before: str | None, after: str | None
) -> Difference:
    label = gettext(labels.FIELDS[field]) if field in labels.FIELDS else field
    if field == "manager":
        return Difference(label, names.user(before), names.user(after) or names.to_be(row))
    if field == "state":
        return Difference(label, labels.state_word(before or ""), labels.state_word(after or ""))
    return Difference(label, before or "", after or "")
