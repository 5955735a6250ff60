"""The live stream of one run (server-sent events)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import translation

from rollcall.imports.models import Run
from rollcall.web.admin.imports.live_results import Event, Position, Seen, news
from rollcall.web.shell.pages import still_admitted

LOOK_SECONDS = 0.3
QUIET_SECONDS = 10.0
ADMISSION_SECONDS = 2.0
"""How soon a stream ends after its listener signed out, was deactivated or got a new password."""

LIFETIME_SECONDS = 300.0
"""A stream ends after so long; the browser connects again and is checked for its role again."""

RETRY_MILLISECONDS = 1000


async def stream_run(request: HttpRequest, run_number: int) -> StreamingHttpResponse:
    """Progress and people of the run until it moves on to another page.

    `?writing=1` or `0` is whether the page that listens shows people yet.
    """
    if not await Run.objects.filter(number=run_number).aexists():
        raise Http404
    position = Position.parse(request.headers.get("Last-Event-ID", ""))
    # The stream outlives the middleware that chose the language.
    language = translation.get_language() or "en"
    writing = {"1": True, "0": False}.get(request.GET.get("writing", ""))
    seen = Seen(position=position, has_list=position is not None, writing=writing)
    return StreamingHttpResponse(
        _stream(request, run_number, language, seen),
        content_type="text/event-stream",
        # nginx would collect the events until its buffer is full.
        headers={"X-Accel-Buffering": "no"},
    )


async def _stream(
    request: HttpRequest, run_number: int, language: str, seen: Seen
) -> AsyncIterator[bytes]:
    began = spoke = admitted = time.monotonic()
    yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
    while time.monotonic() - began < LIFETIME_SECONDS:
        events, seen = await sync_to_async(_look)(run_number, language, seen)
        for event in events:
            yield event.encode()
        if events and events[-1].name == "moved":
            return
        now = time.monotonic()
        if events:
            spoke = now
        elif now - spoke > QUIET_SECONDS:
            spoke = now
            # A comment in the stream: proxies close a connection on which nothing moves.
            yield b": still here\n\n"
        await asyncio.sleep(LOOK_SECONDS)
        if time.monotonic() - admitted > ADMISSION_SECONDS:
            admitted = time.monotonic()
            if not await sync_to_async(_still_admitted)(request):
                yield Event("moved", "signed out").encode()  # to the page, and so to sign in
                return


def _still_admitted(request: HttpRequest) -> bool:
    try:
        return still_admitted(request, "run-live")
    finally:
        close_old_connections()


def _look(run_number: int, language: str, seen: Seen) -> tuple[list[Event], Seen]:
    try:
        with translation.override(language):
            return news(Run.objects.get(number=run_number), seen)
    finally:
        close_old_connections()  # a stream lives long, and holds no connection between its looks
