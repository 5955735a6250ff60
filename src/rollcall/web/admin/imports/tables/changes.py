"""How the changes of a run are listed: columns, tabs, search, and who is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from rollcall.core import searching
from rollcall.imports import labels as words
from rollcall.imports import ticks
from rollcall.imports.accounting import RESULT_ORDER
from rollcall.imports.choices import WRITING_KINDS
from rollcall.imports.models import PLANNED_STATES, ChangeRecord, Run, RunState
from rollcall.imports.presenter import Fields, Names, differences, why, with_whom
from rollcall.imports.source_accounts import source_of
from rollcall.provisioning.change import Kind
from rollcall.web.shell.lists.columns import Bulk, Column, Filter, Text
from rollcall.web.shell.lists.listing import Listing
from rollcall.web.shell.text.numbers import grouped

CHANGE = pgettext_lazy("noun", "Change")
CHOICES = (
    Bulk("include", _("Choose")),
    Bulk("exclude", _("Leave out")),
    Bulk("only", _("Choose only these")),
)
CHANGES = "changes"
"""The tab with everybody whom the plan writes to."""

ASKING = "asking"
"""The tab with those who need a tick."""

TICK, UNTICK = "tick", "untick"
TICKS = (Bulk(TICK, _("Tick")), Bulk(UNTICK, _("Take the tick away")))


def listing_for(run: Run, *, export: bool, can_tick: bool = False) -> Listing[ChangeRecord]:
    """The list of this run's changes; `export` where it becomes a file.

    `can_tick` says whether the reader may tick people in a review.
    """
    names = Names(run)
    # A file streams row by row and cannot look up a page's names at a time.
    if export:
        names.learn_everybody()
    planned = run.state in PLANNED_STATES
    asks = run.state == RunState.REVIEW and ticks.asking(run.changes.all()).exists()
    cell = "imports/cell_tick.html" if can_tick and asks else "imports/cell_chosen.html"
    choices = (*CHOICES, *TICKS) if asks else CHOICES
    return Listing(
        name=f"import-{run.number}",
        order=("seq",),
        columns=_columns(names, source_of(run), cell if planned else ""),
        search=_search,
        search_label=_("Name, e-mail or employee ID"),
        tabs=_kinds(run, asks=asks) if planned else _results(run),
        # A plan without changes opens on everybody: an empty list would look like a failure.
        opens_on=CHANGES if planned and number_writing(run) else "",
        bulk=choices if run.state == RunState.REVIEW else (),
        fetch=(lambda rows: rows) if export else (lambda rows: _learned(rows, names)),
        empty="imports/changes_empty.html",
    )


def _learned(rows: QuerySet[ChangeRecord], names: Names) -> QuerySet[ChangeRecord]:
    names.learn(list(rows))
    # All rows are of one run; each would fetch it for itself.
    for row in rows:
        row.run = names.run
    return rows


def _columns(names: Names, source: str, chosen: str) -> tuple[Column[ChangeRecord], ...]:
    """The columns; `chosen` is the template of who is chosen, "" where nobody is to choose."""
    name: Column[ChangeRecord] = Column(
        "name", _("Name"), lambda change: change.name, ("sort_name",), "imports/cell_employee.html"
    )
    kind: Column[ChangeRecord] = Column(
        "kind", CHANGE, lambda change: words.kind_label(change.kind), ("kind", "seq")
    )
    fields: Column[ChangeRecord] = Column(
        "fields",
        _("Fields, old → new"),
        lambda change: Fields(differences(change, names)),
        template="imports/cell_differences.html",
    )
    return (
        name,
        Column("email", _("E-mail"), lambda change: change.email, shown=False),
        Column("employee", _("Employee ID"), lambda change: change.employee_id, shown=False),
        *((_chosen(chosen), kind) if chosen else (_result(), kind)),
        fields,
        Column(
            "reason",
            _("Reason"),
            lambda change: why(change, source, names),
            template="imports/cell_reason.html",
        ),
        Column("with_whom", _("With whom"), lambda change: with_whom(change, names), shown=False),
    )


def _chosen(template: str) -> Column[ChangeRecord]:
    return Column("chosen", _("Chosen"), is_chosen, template=template)


def is_chosen(row: ChangeRecord) -> str:
    """Whether the change is to be carried out: yes, no, or "" where it writes nothing."""
    if row.kind not in WRITING_KINDS:
        return ""
    if row.chosen and row.asks and not row.ticked:
        return gettext("needs a tick")
    return gettext("yes") if row.chosen else gettext("no")


def _result() -> Column[ChangeRecord]:
    return Column(
        "result",
        _("Result"),
        lambda change: words.result_label(change.result),
        ("result", "seq"),
        "imports/cell_result.html",
    )


def _search(rows: QuerySet[ChangeRecord], typed: str) -> QuerySet[ChangeRecord]:
    for word in searching.words(typed):
        # The id from its beginning: within longer ids the digits would be found everywhere.
        rows = rows.filter(Q(search_text__contains=word) | Q(employee_id__istartswith=word))
    return rows


def _kinds(run: Run, *, asks: bool) -> Filter[ChangeRecord]:
    order = [kind.value for kind in Kind]
    return Filter("kind", CHANGE, lambda: _plan_tabs(run, order, asks=asks), _of_tab)


def _of_tab(rows: QuerySet[ChangeRecord], tab: str) -> QuerySet[ChangeRecord]:
    if tab == ASKING:
        return ticks.asking(rows)
    return rows.filter(kind__in=WRITING_KINDS if tab == CHANGES else [tab])


def _plan_tabs(run: Run, order: Sequence[str], *, asks: bool) -> list[tuple[str, Text]]:
    """The tabs of a plan: what it would change comes first, and before who is left as they are."""
    everyone, *kinds = _tabs(run, order, words.kind_label)
    changes = gettext("All changes")
    tabs: list[tuple[str, Text]] = [(CHANGES, f"{changes} {grouped(number_writing(run))}")]
    if asks:
        asking = gettext("Needs a tick")
        tabs.append((ASKING, f"{asking} {grouped(ticks.asking(run.changes.order_by()).count())}"))
    return [*tabs, everyone, *kinds]


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
    counts = [(value, run.counts[value]) for value in order if run.counts.get(value)]
    total = sum(count for _, count in counts)
    everyone = gettext("Everyone")
    return [
        ("", f"{everyone} {grouped(total)}"),
        *((value, f"{label(value)} {grouped(count)}") for value, count in counts),
    ]
