"""Where somebody is signed in: each browser's session, to look at and to end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.signals import user_logged_in
from allauth.usersessions import signals as allauth_signals
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from rollcall.accounts import departures
from rollcall.accounts.actors import account_target
from rollcall.accounts.models import Account
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.core.actor import Actor


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One session of an account: since when, from which address, with which browser."""

    id: int
    since: datetime
    address: str
    browser: str
    is_this: bool


def connect() -> None:
    """Note each session as it begins, from now on."""
    # allauth's own receiver reads every session of whoever signs in: who has a thousand waits for
    # four thousand statements, and makes everybody else wait for them.
    user_logged_in.disconnect(allauth_signals.on_user_logged_in)
    user_logged_in.connect(_begin, dispatch_uid="rollcall.accounts.sessions")


def _begin(request: HttpRequest, user: Account, **_: Any) -> None:
    ended = UserSession.objects.filter(user=user).exclude(
        session_key__in=Session.objects.values("session_key")
    )
    ended.delete()
    UserSession.objects.create_from_request(request)


def of(account: Account, session_key: str | None) -> list[SignedIn]:
    """The account's sessions that still open pages, the newest first.

    `session_key` is that of the one who asks.
    """
    # allauth lets go of the rows of sessions that have ended on the way.
    rows: list[UserSession] = UserSession.objects.purge_and_list(account)
    rows.sort(key=lambda row: row.created_at, reverse=True)
    return [
        SignedIn(row.pk, row.created_at, row.ip, row.user_agent, row.session_key == session_key)
        for row in rows
    ]


def end(actor: Actor, account: Account, ids: Iterable[int]) -> int:
    """End these sessions of the account; how many there were."""
    ended = list(UserSession.objects.filter(user=account, pk__in=list(ids)))
    for row in ended:
        row.end()
    if ended:
        departures.in_sessions(account, [row.session_key for row in ended])
        after = {"sessions": len(ended)}
        recording.record(actor, Action.ACCOUNT_SESSION_END, account_target(account), after=after)
    return len(ended)
