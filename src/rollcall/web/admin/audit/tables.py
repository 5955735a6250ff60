"""How the audit log is listed: its columns, filters and search."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from rollcall.audit.models import AuditEntry
from rollcall.web.admin.audit import labels
from rollcall.web.shell.lists import distinct
from rollcall.web.shell.lists.listing import Column, Filter, Listing, Text

SOURCES: Sequence[tuple[str, Text]] = (
    ("portal", _("Portal")),
    ("cli", _("Command line")),
    ("api", _("API")),
)


def _search(rows: QuerySet[AuditEntry], typed: str) -> QuerySet[AuditEntry]:
    return rows.filter(
        Q(actor__icontains=typed)
        | Q(action__icontains=typed)
        | Q(action__in=labels.actions_that_say(typed))
        | Q(target__icontains=typed)
        | Q(address__startswith=typed)
    )


def _actions() -> Sequence[tuple[str, Text]]:
    found = distinct.values(AuditEntry, "action")
    return sorted(((one, labels.action_label(one)) for one in found), key=itemgetter(1))


LISTING: Listing[AuditEntry] = Listing(
    name="audit-log",
    order=("-at",),
    search=_search,
    search_label=_("Person, action or target"),
    columns=(
        Column("at", _("When"), lambda one: localtime(one.at), ("at",), "portal/cells/moment.html"),
        Column("actor", _("Who"), lambda one: one.actor, template="audit/cell_actor.html"),
        Column(
            "source",
            _("Through"),
            lambda one: dict(SOURCES).get(one.source, one.source),
            shown=False,
        ),
        Column("address", _("From where"), lambda one: one.address, shown=False),
        Column("action", _("Action"), lambda one: labels.action_label(one.action)),
        Column("code", _("Code of the action"), lambda one: one.action, shown=False),
        Column("target", _("On what"), lambda one: one.target or one.target_id),
        Column("before", _("Before"), lambda one: labels.values(one.before)),
        Column("after", _("After"), lambda one: labels.values(one.after)),
    ),
    filters=(
        Filter("source", _("Through"), lambda: SOURCES, lambda rows, v: rows.filter(source=v)),
        Filter("action", _("Action"), _actions, lambda rows, v: rows.filter(action=v)),
    ),
    empty="audit/empty.html",
)
