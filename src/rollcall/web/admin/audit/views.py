"""Audit log: who changed what, when and from where, to search and to export."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from rollcall.audit.chain import last_seal
from rollcall.audit.models import Event, Verification
from rollcall.web.admin.audit.tables import LISTING


def list_events(request: HttpRequest) -> HttpResponseBase:
    """The log, newest first."""
    chain = {"seal": last_seal(), "verification": Verification.objects.first()}
    return LISTING.answer(request, Event.objects.all(), template="audit/list.html", context=chain)
