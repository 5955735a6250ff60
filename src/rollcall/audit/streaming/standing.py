"""How the streaming export stands: where to, how much waits, what stands in its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from rollcall.audit.models import Event, Stream
from rollcall.audit.streaming import destinations
from rollcall.audit.streaming.collector import Collector
from rollcall.audit.streaming.errors import NotTaken
from rollcall.audit.streaming.lines_file import LinesFile


@dataclass(frozen=True, slots=True)
class Standing:
    """`where` is a file, or the host of a collector; `error` is why nothing is taken, "" if it is.

    `waiting` counts the events that are still to be handed on.
    """

    where: str
    waiting: int
    taken_at: datetime | None
    error: str
    due_at: datetime | None


def read() -> Standing | None:
    """How it stands; None where events are handed on to nothing."""
    stream = Stream.objects.first() or Stream()
    try:
        destination = destinations.current(stream)
    except NotTaken as error:
        return _of(stream, _host(stream.url), str(error))
    match destination:
        case Collector(url=url):
            return _of(stream, _host(url), stream.error)
        case LinesFile(path=path):
            return _of(stream, str(path), stream.error)
    return None


def _of(stream: Stream, where: str, error: str) -> Standing:
    waiting = Event.objects.filter(pk__gt=stream.cursor).count()
    return Standing(where, waiting, stream.taken_at, error, stream.due_at)


def _host(url: str) -> str:
    """Of an address scheme and host: its path may hold a key."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}"
