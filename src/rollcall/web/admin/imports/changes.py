"""The list of a run's changes: its columns, tabs, search, and how fields are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from rollcall.directory.models import User
from rollcall.imports import labels as words
from rollcall.imports.accounting import RESULT_ORDER
from rollcall.imports.choices import WRITING_KINDS
from rollcall.imports.models import ChangeRecord, Run, RunState
from rollcall.imports.open_targets import BUILTIN
from rollcall.provisioning.change import Kind
from rollcall.web.shell.lists.listing import Bulk, Column, Filter, Listing, Text
from rollcall.web.shell.text import labels, reasons
from rollcall.web.shell.text.numbers import grouped

CHANGE = pgettext_lazy("noun", "Change")
PLANNED = (RunState.REVIEW, RunState.STOPPED)
"""The states in which a run's changes are a plan: nothing has been written."""

CHOICES = (
    Bulk("include", _("Choose")),
    Bulk("exclude", _("Leave out")),
    Bulk("only", _("Choose only these")),
)
CHANGES = "changes"
"""The tab with everybody whom the plan writes to."""


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
            side for row in rows for one in row.fields if one[0] == "manager" for side in one[1:]
        }
        ids |= {link["user_id"] for link in links}
        employees = {link["employee_id"] for link in links} - {None}
        self._users |= dict(self._named([one for one in ids if one]))
        # in the order of the plan, SQLite would read the whole run to find these few
        found = ChangeRecord.objects.filter(run=self.run, employee_id__in=employees).order_by()
        self._employees |= dict(found.values_list("employee_id", "name"))

    def learn_everybody(self) -> None:
        """Look up everybody who is a manager in the directory or becomes one in this run."""
        changes = ChangeRecord.objects.filter(run=self.run)
        if self.run.directory == BUILTIN:
            self._users |= dict(_named(User.objects.filter(reports__isnull=False).distinct()))
        else:
            self._users |= dict(changes.exclude(user_id="").values_list("user_id", "name"))
        links = changes.exclude(manager=None).values_list("manager", flat=True)
        wanted = {link["employee_id"] for link in links.iterator() if link}
        found = changes.order_by().values_list("employee_id", "name").iterator()
        self._employees |= {key: name for key, name in found if key in wanted}

    def _named(self, ids: list[str]) -> Iterable[tuple[str, str]]:
        """The names of these users: of our own directory, or as the run itself knows them."""
        if self.run.directory == BUILTIN:
            return _named(User.objects.filter(pk__in=ids))
        found = ChangeRecord.objects.filter(run=self.run, user_id__in=ids).order_by()
        return found.values_list("user_id", "name")

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
    return [_difference(row, names, *one) for one in row.fields]


def listing_for(run: Run, *, export: bool) -> Listing[ChangeRecord]:
    """The list of this run's changes; `export` where it becomes a file."""
    names = Names(run)
    if export:
        names.learn_everybody()
    planned = run.state in PLANNED
    return Listing(
        name=f"import-{run.number}",
        order=("seq",),
        columns=_columns(names, planned=planned),
        search=_search,
        search_label=_("Name, e-mail or Personio ID"),
        tabs=_kinds(run) if planned else _results(run),
        opens_on=CHANGES if planned and number_writing(run) else "",
        bulk=CHOICES if run.state == RunState.REVIEW else (),
        fetch=(lambda rows: rows) if export else (lambda rows: _learned(rows, names)),
        empty="imports/changes_empty.html",
    )


def _learned(rows: QuerySet[ChangeRecord], names: Names) -> QuerySet[ChangeRecord]:
    names.learn(list(rows))
    for row in rows:
        row.run = names.run
    return rows


def _columns(names: Names, *, planned: bool) -> tuple[Column[ChangeRecord], ...]:
    name: Column[ChangeRecord] = Column(
        "name", _("Name"), lambda one: one.name, ("sort_name",), "imports/cell_employee.html"
    )
    kind: Column[ChangeRecord] = Column(
        "kind", CHANGE, lambda one: words.kind_label(one.kind), ("kind", "seq")
    )
    fields: Column[ChangeRecord] = Column(
        "fields",
        _("Fields, old → new"),
        lambda one: Fields(differences(one, names)),
        template="imports/cell_differences.html",
    )
    return (
        name,
        Column("email", _("E-mail"), lambda one: one.email, shown=False),
        Column("employee", _("Personio ID"), lambda one: one.employee_id, shown=False),
        *((_chosen(), kind) if planned else (_result(), kind)),
        fields,
        Column("reason", _("Reason"), why, template="imports/cell_reason.html"),
        Column("with_whom", _("With whom"), lambda one: ", ".join(one.with_whom), shown=False),
    )


class Fields(list[Difference]):
    """Differences that are readable as text too, for the file."""

    def __str__(self) -> str:
        return "; ".join(f"{one.label}: {one.before} → {one.after}" for one in self)


def why(row: ChangeRecord) -> str:
    """The reason of the change, what went wrong, and what to know besides, in words."""
    told = [row.error or row.reason, *row.warnings]
    return " ".join(reasons.text_of_record(one) for one in told)


def _chosen() -> Column[ChangeRecord]:
    return Column("chosen", _("Chosen"), is_chosen, template="imports/cell_chosen.html")


def is_chosen(row: ChangeRecord) -> str:
    """Whether the change is to be carried out: yes, no, or "" where it writes nothing."""
    if row.kind not in WRITING_KINDS:
        return ""
    return gettext("yes") if row.chosen else gettext("no")


def _result() -> Column[ChangeRecord]:
    return Column(
        "result",
        _("Result"),
        lambda one: words.result_label(one.result),
        ("result", "seq"),
        "imports/cell_result.html",
    )


def _search(rows: QuerySet[ChangeRecord], typed: str) -> QuerySet[ChangeRecord]:
    for word in typed.split():
        rows = rows.filter(
            Q(name__icontains=word) | Q(email__icontains=word) | Q(employee_id__startswith=word)
        )
    return rows


def _kinds(run: Run) -> Filter[ChangeRecord]:
    order = [kind.value for kind in Kind]
    return Filter(
        "kind",
        CHANGE,
        lambda: _plan_tabs(run, order),
        lambda rows, value: rows.filter(kind__in=WRITING_KINDS if value == CHANGES else [value]),
    )


def _plan_tabs(run: Run, order: Sequence[str]) -> list[tuple[str, Text]]:
    """The tabs of a plan: what it would change comes first, and before who is left as they are."""
    everyone, *kinds = _tabs(run, order, words.kind_label)
    changes = gettext("All changes")
    return [(CHANGES, f"{changes} {grouped(number_writing(run))}"), everyone, *kinds]


def number_writing(run: Run) -> int:
    """How many employees the plan writes to."""
    return sum(run.counts.get(kind, 0) for kind in WRITING_KINDS)


def _results(run: Run) -> Filter[ChangeRecord]:
    order = [result.value for result in RESULT_ORDER]
    return Filter(
        "result",
        _("Result"),
        lambda: _tabs(run, order, words.result_label),
        lambda rows, value: rows.filter(result=value),
    )


def _tabs(run: Run, order: Sequence[str], label: Callable[[str], str]) -> list[tuple[str, Text]]:
    """A tab for everybody and one for each that anybody has; the run knows the counts."""
    found = [(one, run.counts[one]) for one in order if run.counts.get(one)]
    total = sum(count for _, count in found)
    everyone = gettext("Everyone")
    return [
        ("", f"{everyone} {grouped(total)}"),
        *((one, f"{label(one)} {grouped(count)}") for one, count in found),
    ]


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
