"""Insights → Directory: what happened, drawn, listed, and one by one."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from rollcall.audit.chain import last_seal
from rollcall.audit.insights import as_insights
from rollcall.audit.models import Event, Verification
from rollcall.audit.organization import organization_id
from rollcall.audit.search_terms import with_id
from rollcall.web.admin.audit import chart, decisions, labels
from rollcall.web.admin.audit.tables import LISTING, SINCE, SOURCES, UNTIL
from rollcall.web.shell.lists import csv_export
from rollcall.web.shell.lists.query import Query


def list_events(request: HttpRequest) -> HttpResponseBase:
    """The events, newest first, under a chart of how many there were."""
    events, query = Event.objects.all(), Query(LISTING, request.GET)
    if request.GET.get("export") == "json":
        return _as_json(request, query.narrow(events).order_by(*query.order()))
    times = chart.Times.of(query.filters.get(SINCE, ""), query.filters.get(UNTIL, ""))
    return LISTING.answer(
        request,
        events,
        template="audit/list.html",
        context={"seal": last_seal(), "verification": Verification.objects.first()},
        drawn=lambda matching: {"chart": chart.draw(matching, times, query)},
    )


def show_event(request: HttpRequest, insights_id: str) -> HttpResponseBase:
    """One event, with all that it holds."""
    event = Event.objects.filter(with_id(insights_id)).first()
    if event is None:
        raise Http404
    shown = as_insights(event, organization_id())
    context = {
        "event": event,
        "action": labels.action_label(event.action),
        "source": dict(SOURCES).get(event.door, event.door),
        "changes": labels.changes(event),
        "policies": decisions.policies(event),
        "json": json.dumps(shown, indent=2, ensure_ascii=False, default=str),
    }
    return render(request, "audit/event.html", context)


def moved(request: HttpRequest) -> HttpResponseBase:
    """Lead to where the list stands now, with what was asked of it."""
    asked = request.GET.urlencode()
    return redirect(f"{reverse('insights')}{'?' if asked else ''}{asked}")


def _as_json(request: HttpRequest, events: QuerySet[Event]) -> HttpResponseBase:
    name = f"{LISTING.name}-{localdate().isoformat()}.json"
    pieces = _pieces(events)
    return csv_export.send(request, name, pieces, form="json", content_type="application/json")


def _pieces(events: QuerySet[Event]) -> Iterator[bytes]:
    """One list, an event on a line; few of many events are in memory at once."""
    organization, before = organization_id(), "["
    for event in events.iterator(chunk_size=500):
        shown = json.dumps(as_insights(event, organization), ensure_ascii=False, default=str)
        yield f"{before}\n{shown}".encode(errors="replace")
        before = ","
    yield b"\n]\n" if before == "," else b"[]\n"
