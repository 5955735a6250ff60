"""How events are listed: their columns, filters and search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from operator import itemgetter
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rollcall.audit.actions import Action
from rollcall.audit.event_types import DIRECTORY, SSO, actions_of_service, event_type
from rollcall.audit.models import Event
from rollcall.audit.search import Search, called
from rollcall.audit.search_terms import of_type
from rollcall.core import searching
from rollcall.directory.models import Application, User, UserGroup
from rollcall.web.admin.audit import chart, labels
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

SERVICES: Sequence[tuple[str, Text]] = ((DIRECTORY, _("Directory")), (SSO, _("Single sign-on")))
SUCCEEDED: Final = "succeeded"
FAILED: Final = "failed"
RESULTS: Sequence[tuple[str, Text]] = ((SUCCEEDED, _("Succeeded")), (FAILED, _("Failed")))
SINCE: Final = "since"
UNTIL: Final = "until"


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


def _types() -> Sequence[tuple[str, Text]]:
    # The types of actions that have happened, in the vendor's own words.
    happened = set(distinct.values(Event, "action"))
    known = [action for action in Action if action in happened]
    types = {event_type(action, of_user=of_user) for action in known for of_user in (False, True)}
    return [(name, name) for name in sorted(types)]


def _of_service(rows: QuerySet[Event], name: str) -> QuerySet[Event]:
    if name == SSO:  # by its few actions, which have an index
        return rows.filter(action__in=actions_of_service(SSO))
    return rows.filter(service=name)


def _by_whom(rows: QuerySet[Event], typed: str) -> QuerySet[Event]:
    return rows.filter(called("actor_name", typed) | Q(actor_id=typed))


def _on_what(rows: QuerySet[Event], typed: str) -> QuerySet[Event]:
    condition = called("target_name", typed) | Q(target_id=typed)
    for keys in _keys_of_what_is_called(typed):
        condition |= Q(target_id__in=keys)
    return rows.filter(condition)


def _since(rows: QuerySet[Event], typed: str) -> QuerySet[Event]:
    day = chart.day(typed)
    return rows.filter(timestamp__gte=chart.start_of(day)) if day else rows.none()


def _until(rows: QuerySet[Event], typed: str) -> QuerySet[Event]:
    day = chart.day(typed)
    if day is None:
        return rows.none()
    return rows.filter(timestamp__lt=chart.start_of(day + timedelta(days=1)))


LISTING: Listing[Event] = Listing(
    name="events",
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
        Column("type", _("Event type"), lambda event: event.event_type, shown=False),
        Column("id", _("Event ID"), lambda event: event.event_id, shown=False),
        Column(
            "result",
            _("Result"),
            lambda event: dict(RESULTS)[SUCCEEDED if event.success else FAILED],
            template="audit/cell_result.html",
        ),
        Column("target", _("On what"), lambda event: event.target_name or event.target_id),
        Column("before", _("Before"), lambda event: labels.values(event.before)),
        Column("after", _("After"), lambda event: labels.values(event.after)),
    ),
    filters=(
        Filter(SINCE, _("Since"), None, _since, kind="date"),
        Filter(UNTIL, _("Until"), None, _until, kind="date"),
        Filter("service", _("Service"), lambda: SERVICES, _of_service),
        Filter("type", _("Event type"), _types, lambda rows, v: rows.filter(of_type(v))),
        Filter("who", _("Who"), None, _by_whom),
        Filter("what", _("On what"), None, _on_what),
        Filter(
            "result",
            _("Result"),
            lambda: RESULTS,
            lambda rows, v: rows.filter(success=v == SUCCEEDED),
        ),
        Filter("source", _("Through"), lambda: SOURCES, lambda rows, v: rows.filter(door=v)),
        Filter("action", _("Action"), _actions, lambda rows, v: rows.filter(action=v)),
    ),
    empty="audit/empty.html",
    above="audit/_chart.html",
    beside_csv="audit/_json_link.html",
)
