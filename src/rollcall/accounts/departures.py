"""The port by which rooms above hear that somebody is out: of one browser, or of all of them.

What they have at applications is to end with it, at once. A user who is suspended, locked or whose
password expires is not told of here: the directory's change feed says so (`directory.feed`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest

from rollcall.accounts.models import Account


@dataclass(frozen=True, slots=True)
class Departure:
    """An account's sessions that have ended, by their keys; without any, all that it has."""

    account_id: int
    session_keys: tuple[str, ...] = ()


_listeners: list[Callable[[Departure], None]] = []


def listen(listener: Callable[[Departure], None]) -> None:
    """Have this called whenever somebody is out, in the transaction of what ended it."""
    if listener not in _listeners:
        _listeners.append(listener)


def everywhere(account: Account) -> None:
    """Say that nothing the account had open may go on: another password, or it was closed."""
    _tell(Departure(account.pk))


def in_sessions(account: Account, session_keys: Iterable[str]) -> None:
    """Say that these sessions of the account have ended."""
    if keys := tuple(session_keys):
        _tell(Departure(account.pk, keys))


def connect() -> None:
    """Hear of those who sign out, from now on."""
    user_logged_out.connect(_signed_out, dispatch_uid="rollcall.accounts.departures")


def _signed_out(request: HttpRequest | None, user: Account | None, **_: Any) -> None:
    if request is not None and user is not None and request.session.session_key:
        in_sessions(user, [request.session.session_key])


def _tell(departure: Departure) -> None:
    for listener in _listeners:
        listener(departure)
