"""Settings → Events: how long they are kept, and where they are handed on to."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from rollcall.accounts.actors import actor_of
from rollcall.audit.models import Keeping, Stream
from rollcall.audit.streaming import standing
from rollcall.web.admin.settings.events.forms import EventsForm, values_of


@never_cache
@sensitive_post_parameters("token")
def edit_events(request: HttpRequest) -> HttpResponseBase:
    """How long events are kept, what takes a copy of each, and how far that is."""
    form = EventsForm(request.POST or None, keeping=Keeping.the(), stream=_stream())
    if request.method == "POST" and form.is_valid() and _save(request, form):
        messages.success(request, gettext("Saved."))
        return redirect("settings-events")
    context = {"form": form, "standing": standing.read()}
    return render(request, "events_settings/events.html", context)


@transaction.atomic
def _save(request: HttpRequest, form: EventsForm) -> bool:
    """Store what was changed; False where that clashes with what somebody else has written."""
    # Held, so that nobody writes between the comparison and the change.
    keeping = Keeping.objects.select_for_update().first() or Keeping()
    stream = Stream.objects.select_for_update().first() or Stream()
    now = values_of(keeping, stream)
    if form.clashes(now):
        return False
    form.initial = now
    form.save(actor_of(request))
    return True


def _stream() -> Stream:
    # A look makes no row.
    return Stream.objects.first() or Stream()
