"""What if somebody signed in; and why a sign-in of the past came out as it did."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localtime

from rollcall.access.policies import admitting
from rollcall.access.policies.what_if import Unclear, told
from rollcall.audit.models import Event
from rollcall.web.admin.audit.labels import action_label
from rollcall.web.admin.policies import doubts, lines
from rollcall.web.admin.policies.what_if_form import WhatIfForm

MOST: Final = 2**63
"""More than any event's number."""


def ask_what_if(request: HttpRequest) -> HttpResponseBase:
    """What would become of one sign-in.

    Asked with a POST, which changes nothing: whom it is about is in no address.
    """
    form = WhatIfForm(request.POST or None)
    answer = None
    if request.method == "POST" and form.is_valid():
        try:
            answer = lines.of(told(admitting.decide(form.question().facts())))
        except Unclear as error:
            doubts.add_to(form, error)
    return render(request, "policies/what_if.html", {"form": form, "answer": answer})


def explain_event(request: HttpRequest, event_id: int) -> HttpResponseBase:
    """The decision that an event keeps: rules, values and time."""
    event = get_object_or_404(Event, pk=event_id if event_id < MOST else -1)
    context = event.details.get("auth_context")
    decision = context.get("decision") if isinstance(context, dict) else None
    if not isinstance(decision, dict):
        raise Http404
    return render(
        request,
        "policies/decision.html",
        {
            "event": event,
            "at": localtime(event.timestamp),
            "action": action_label(event.action),
            "answer": lines.of(decision),
        },
    )
