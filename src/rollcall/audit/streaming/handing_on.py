"""Hands events on in their order, at least once: the cursor moves when a batch was taken.

Killed at any moment, it goes on behind the last batch that is known to be taken; what was taken and
not noted comes again, with the same ids. Only what is settled is handed on (`chain.settled`): no
event with a lower key can appear behind the cursor.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from rollcall.audit import chain
from rollcall.audit.insights import as_insights
from rollcall.audit.models import Event, Stream
from rollcall.audit.organization import organization_id
from rollcall.audit.streaming import destinations
from rollcall.audit.streaming.destinations import Destination
from rollcall.audit.streaming.errors import NotTaken

AT_ONCE: Final = 500
"""Events of one batch, at the most."""
LARGEST: Final = 2**20
"""Bytes of one batch, unless a single event has more."""
AT_WORK: Final = 20.0
"""Seconds after which no further batch is begun; the next round goes on."""
CLAIM: Final = timedelta(minutes=2)
"""How long one process has the stream for itself: longer than it works and one batch may take."""
FIRST_PAUSE: Final = timedelta(seconds=15)
LONGEST_PAUSE: Final = timedelta(minutes=15)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines of JSON, and the key of the last event among them."""

    lines: bytes
    last: int
    count: int


def hand_on(seconds: float = AT_WORK) -> int:
    """Hand on what has been recorded since; how many events. Harmless in several processes."""
    if destinations.from_outside() is None and not _is_chosen():
        return 0
    stream = Stream.the()
    # Looked at before anything is written: most rounds find nothing new.
    is_new = Event.objects.filter(pk__gt=stream.cursor).exists()
    if not is_new or not _claim(stream):
        return 0
    try:
        destination = destinations.current(stream)
        handed = _hand_on(stream, destination, seconds) if destination is not None else 0
    except NotTaken as error:
        _note_failure(stream, str(error))
        return 0
    _mine(stream).update(claimed_until=None, attempts=0, error="", due_at=None)
    return handed


def pause_after(attempts: int) -> timedelta:
    """How long to wait before the next try, after this many in vain."""
    return min(FIRST_PAUSE * float(1 << min(attempts - 1, 16)), LONGEST_PAUSE)


def batch_of(events: Sequence[Event], organization: str) -> Batch:
    """The first of these events as one batch, as many as it may hold."""
    lines, last, count = bytearray(), 0, 0
    for event in events:
        shown = json.dumps(as_insights(event, organization), ensure_ascii=False, default=str)
        line = shown.encode(errors="replace") + b"\n"
        if count and len(lines) + len(line) > LARGEST:
            break
        lines += line
        last, count = event.pk, count + 1
    return Batch(bytes(lines), last, count)


def _is_chosen() -> bool:
    return Stream.objects.exclude(destination=Stream.Destination.NOTHING).exists()


def _hand_on(stream: Stream, destination: Destination, seconds: float) -> int:
    ends, newest = time.monotonic() + seconds, chain.settled()
    organization, handed = organization_id(), 0
    while time.monotonic() < ends:
        events = Event.objects.filter(pk__gt=stream.cursor, pk__lte=newest).order_by("pk")
        batch = batch_of(list(events[:AT_ONCE]), organization)
        if not batch.count:
            break
        # Outside of any transaction: a slow collector must not hold a lock of the database.
        destination.take(batch.lines)
        # Whoever was slower than their claim finds the cursor moved, and leaves the rest to others.
        if not _mine(stream).update(cursor=batch.last, taken_at=timezone.now()):
            break
        stream.cursor = batch.last
        handed += batch.count
    return handed


def _claim(stream: Stream) -> bool:
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    due = Q(due_at=None) | Q(due_at__lte=now)
    claimed = _mine(stream).filter(free, due).update(claimed_until=now + CLAIM)
    return bool(claimed)


def _mine(stream: Stream) -> QuerySet[Stream]:
    """The row, as long as nobody else has moved its cursor."""
    return Stream.objects.filter(pk=stream.pk, cursor=stream.cursor)


def _note_failure(stream: Stream, error: str) -> None:
    attempts = stream.attempts + 1
    due_at: datetime = timezone.now() + pause_after(attempts)
    _mine(stream).update(claimed_until=None, attempts=attempts, error=error[:64], due_at=due_at)
    log.warning("events could not be handed on: %s", error)
