"""How the audit log is listed: its columns, filters and search."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rollcall.audit.models import Event
from rollcall.audit.search import Search
from rollcall.core import searching
from rollcall.directory.models import Application, User, UserGroup
from rollcall.web.admin.audit import labels
from rollcall.web.shell.lists import distinct
from rollcall.web.shell.lists.columns import Column, Filter, Text
from rollcall.web.shell.lists.listing import Listing

SOURCES: Sequence[tuple[str, Text]] = (
    ("portal", _("Portal")),
    ("cli", _("Command line")),
    ("api", _("API")),
    ("scim", _("SCIM")),
    ("sso", _("Single sign-on")),
    ("schedule", _("Schedule")),
    ("import", pgettext_lazy("noun", "Import")),
    ("system", _("Rollcall itself")),
)


def _search(rows: QuerySet[Event], typed: str) -> QuerySet[Event]:
    worded, meant = labels.actions_that_say(typed), _keys_of_what_is_called(typed)
    return Search(text=typed, worded=worded, meant=meant).among(rows)


def _keys_of_what_is_called(typed: str) -> list[QuerySet[Any]]:
    """Queries for the keys of users, groups and applications in which every word is found."""
    found: list[QuerySet[Any]] = [User.objects.all(), UserGroup.objects.all()]
    found.append(Application.objects.all())
    for word in searching.words(typed):
        found = [rows.filter(search_text__contains=word) for rows in found]
    return [rows.order_by().values("pk") for rows in found] if searching.words(typed) else []


def _actions() -> Sequence[tuple[str, Text]]:
    # Only actions that have happened: most of sixty would find nothing.
    actions = distinct.values(Event, "action")
    # By the words, whose order differs from language to language.
    return sorted(((action, labels.action_label(action)) for action in actions), key=itemgetter(1))


LISTING: Listing[Event] = Listing(
    name="audit-log",
    order=("-timestamp",),
    search=_search,
    search_label=_("Person, action or target"),
    columns=(
        Column(
            "at",
            _("When"),
            lambda event: localtime(event.timestamp),
            ("timestamp",),
            "portal/cells/moment.html",
        ),
        Column("actor", _("Who"), lambda event: event.actor_name, template="audit/cell_actor.html"),
        Column(
            "source",
            _("Through"),
            lambda event: dict(SOURCES).get(event.door, event.door),
            shown=False,
        ),
        Column("address", _("From where"), lambda event: event.client_ip, shown=False),
        Column(
            "action",
            _("Action"),
            lambda event: labels.action_label(event.action),
            template="audit/cell_action.html",
        ),
        Column("code", _("Code of the action"), lambda event: event.action, shown=False),
        Column("target", _("On what"), lambda event: event.target_name or event.target_id),
        Column("before", _("Before"), lambda event: labels.values(event.before)),
        Column("after", _("After"), lambda event: labels.values(event.after)),
    ),
    filters=(
        Filter("source", _("Through"), lambda: SOURCES, lambda rows, v: rows.filter(door=v)),
        Filter("action", _("Action"), _actions, lambda rows, v: rows.filter(action=v)),
    ),
    empty="audit/empty.html",
)
