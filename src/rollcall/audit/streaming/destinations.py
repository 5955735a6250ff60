"""Where events are handed on to: as the settings from outside say it, else as the portal does."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Protocol

from django.conf import settings
from django.db import transaction

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.keeping import EVENTS
from rollcall.audit.models import Stream
from rollcall.audit.recording import record
from rollcall.audit.streaming.collector import Collector
from rollcall.audit.streaming.errors import NotTaken
from rollcall.audit.streaming.lines_file import LinesFile
from rollcall.core.sealing import SealBroken, seal, unseal

FILE: Final = "events.jsonl"
"""The file in the data folder; another one can only be named by the settings from outside, since
whoever uses the portal must not choose what is written to on the server."""


class Destination(Protocol):
    """What takes events."""

    def take(self, lines: bytes) -> None:
        """Take these lines of JSON.

        Raises:
            NotTaken: it did not.
        """


def from_outside() -> Destination | None:
    """What `ROLLCALL_EVENTS_TO` says; None where it says nothing."""
    named = str(settings.EVENTS_TO)
    if not named:
        return None
    if "://" in named:
        return Collector(named, settings.EVENTS_TOKEN.get_secret_value())
    return LinesFile(Path(named))


def current(stream: Stream) -> Destination | None:
    """What takes events now; None where nothing does.

    Raises:
        NotTaken: the token that is kept does not open.
    """
    if (outside := from_outside()) is not None:
        return outside
    match stream.destination:
        case Stream.Destination.FILE:
            return LinesFile(Path(settings.DATA_DIR) / FILE)
        case Stream.Destination.COLLECTOR:
            return Collector(stream.url, _token(stream))
    return None


@transaction.atomic
def choose(actor: Actor, destination: str, url: str, token: str) -> None:
    """Hand events on to this from now on; an empty token leaves the one that is kept.

    It goes on where the last destination was, and is tried at once. A token is kept for the
    address that it was entered for alone.

    Raises:
        SealBroken: the installation's keys are damaged.
    """
    stream = Stream.objects.select_for_update().filter(pk=Stream.KEY).first() or Stream.the()
    before = _shown(stream)
    if stream.url != url:
        stream.sealed_token = None
    stream.destination, stream.url = destination, url
    if token:
        stream.sealed_token = seal(token)
    stream.attempts, stream.error, stream.due_at = 0, "", None
    stream.save(update_fields=["destination", "url", "sealed_token", "attempts", "error", "due_at"])
    after = {**_shown(stream), **({"replaced": True} if token else {})}
    if after != before:
        record(actor, Action.SETTINGS_EVENTS_SAVE, EVENTS, before=before, after=after)


def _token(stream: Stream) -> str:
    if not stream.sealed_token:
        return ""
    try:
        return unseal(bytes(stream.sealed_token))
    except SealBroken:
        raise NotTaken("SealBroken") from None


def _shown(stream: Stream) -> dict[str, object]:
    """The destination as the audit log shows it: of the token, only whether there is one."""
    return {
        "events_to": stream.destination,
        "url": stream.url,
        "kept": bool(stream.sealed_token),
    }
