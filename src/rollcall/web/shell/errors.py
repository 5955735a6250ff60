"""The pages for what went wrong: not allowed, not found, our own fault, a form too old."""

from __future__ import annotations

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from rollcall.accounts.actors import actor_of
from rollcall.audit.actions import Action
from rollcall.audit.recording import Target
from rollcall.audit.refusals import record_refusal


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The request cannot be read, or it names a host that Rollcall does not answer to."""
    # Drawn without the request, whose host cannot be asked for again.
    wrong_host = isinstance(exception, DisallowedHost)
    page = render_to_string("portal/errors/400.html", {"wrong_host": wrong_host})
    return HttpResponse(page, status=400)


def note_refusal(request: HttpRequest, reason: str) -> None:
    """Write down that this page refused what was asked of it."""
    match = request.resolver_match
    # By its name and not its address, which may hold an id or what somebody has searched for.
    page = Target("page", name=match.view_name if match else "")
    record_refusal(actor_of(request), Action.ACCESS_REFUSED, page, reason=reason)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The role of the person signed in does not reach this far; the one place that says so."""
    note_refusal(request, "the role does not reach this far")
    return render(request, "portal/errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page, or what it showed is gone."""
    return render(request, "portal/errors/404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Something broke; drawn without the database, which may be what broke."""
    return HttpResponse(render_to_string("portal/errors/500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open for too long, or cookies are off; or it is another site's."""
    note_refusal(request, "the form is too old, or comes from another site")
    return render(request, "portal/errors/csrf.html", status=403)
