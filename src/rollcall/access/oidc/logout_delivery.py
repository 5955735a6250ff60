"""Tells applications that somebody is out: logout tokens, sent until they are taken or given up."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import httpx
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from rollcall.access.oidc import events, signing_keys
from rollcall.access.oidc.issuer import issuer
from rollcall.access.oidc.models import SignOn
from rollcall.core.outgoing import addresses
from rollcall.core.outgoing.client import Bounds, Client
from rollcall.core.outgoing.errors import OutgoingError

EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
TOKEN_SECONDS: Final = 120
BOUNDS: Final = Bounds(seconds=10, timeout=5, connect_timeout=5, bytes=65_536)
"""Of one call: an answer is a status, and whoever takes longer is asked again later."""
AT_ONCE: Final = 50
CLAIM: Final = timedelta(seconds=60)
"""How long a process may have a sign-on in its hands before another one may try."""
FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(minutes=15)
MOST_ATTEMPTS: Final = 20
"""Then nothing more is tried: some three hours after the first."""
TAKEN: Final = frozenset({200, 204})
"""What says that it was done (Back-Channel Logout, 2.8)."""

UNREACHABLE: Final = "it did not answer"
NOT_ALLOWED: Final = "its address is not among ROLLCALL_ALLOWED_ADDRESSES"

log = logging.getLogger(__name__)

Send = Callable[[str, str], str]
"""Sends a token to an address; why it was not taken, "" where it was."""


def deliver() -> int:
    """Tell what is due; how many sessions were told. Harmless in several processes at once."""
    if not settings.BASE_URL or not _due([]):
        return 0
    client = Client(BOUNDS, connections=4)
    try:
        return deliver_by(lambda address, token: _post(client, address, token))
    finally:
        client.close()


def deliver_by(send: Send) -> int:
    """The same, by a way of sending that is given."""
    told, silent = 0, list[int]()
    while due := _due(silent):
        for sign_on in due:
            if sign_on.client_id in silent or not _claim(sign_on):
                continue
            why = _attempt(sign_on, send)
            if not why:
                told += 1
                _note_told(sign_on)
            elif why == UNREACHABLE:
                # Nobody else has to wait until each of its sessions was tried in vain.
                silent.append(sign_on.client_id)
                _postpone_all(sign_on, why)
            else:
                _postpone(sign_on, why)
    return told


def logout_token(sign_on: SignOn) -> str:
    """The signed token (Back-Channel Logout, 2.4) for the session of this sign-on."""
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": issuer(),
        "aud": sign_on.client.client_id,
        "iat": now,
        "exp": now + TOKEN_SECONDS,
        "jti": uuid.uuid4().hex,
        "events": {EVENT: {}},
    }
    # Of a user who was deleted only the session is known.
    if sign_on.account.user_id:
        claims["sub"] = sign_on.account.user_id
    if sign_on.sid:
        claims["sid"] = sign_on.sid
    algorithm = sign_on.client.id_token_signed_response_alg
    return signing_keys.sign(claims, algorithm, typ=signing_keys.LOGOUT_TOKEN)


def _due(silent: list[int]) -> list[SignOn]:
    rows = SignOn.objects.filter(logout_due__lte=timezone.now()).exclude(client__in=silent)
    path = "client__application", "account"
    return list(rows.select_related(*path).order_by("logout_due", "pk")[:AT_ONCE])


def _claim(sign_on: SignOn) -> bool:
    seen = SignOn.objects.filter(
        pk=sign_on.pk, logout_due=sign_on.logout_due, logout_attempts=sign_on.logout_attempts
    )
    until = timezone.now() + CLAIM
    claimed = bool(seen.update(logout_due=until, logout_attempts=sign_on.logout_attempts + 1))
    sign_on.logout_attempts += claimed
    return claimed


def _attempt(sign_on: SignOn, send: Send) -> str:
    address = sign_on.client.backchannel_logout_uri
    # It may have been taken off the operator's list since it was registered.
    if not addresses.is_allowed(address):
        return NOT_ALLOWED
    return send(address, logout_token(sign_on))


def _post(client: Client, address: str, token: str) -> str:
    request = client.request("POST", address, data={"logout_token": token})
    try:
        answer = client.send(request)
    except (httpx.HTTPError, OutgoingError) as error:
        log.warning("a logout token could not be sent: %s", type(error).__name__)
        return UNREACHABLE
    return "" if answer.status_code in TAKEN else f"it answered {answer.status_code}"


def _note_told(sign_on: SignOn) -> None:
    """The session is told of, whatever else of it is due at this client."""
    same = SignOn.objects.filter(
        client=sign_on.client_id, account=sign_on.account_id, sid=sign_on.sid
    )
    same.filter(logout_due__isnull=False).update(logout_due=None, logout_told=timezone.now())


def _postpone(sign_on: SignOn, why: str) -> None:
    if sign_on.logout_attempts >= MOST_ATTEMPTS:
        _note_told(sign_on)
        events.logout_not_taken(sign_on, why)
        return
    again = timezone.now() + pause_after(sign_on.logout_attempts)
    SignOn.objects.filter(pk=sign_on.pk, logout_due__isnull=False).update(logout_due=again)


def _postpone_all(sign_on: SignOn, why: str) -> None:
    """The same for all that is due at a client that does not answer: two statements."""
    now = timezone.now()
    due = SignOn.objects.filter(client=sign_on.client_id, logout_due__lte=now)
    others = due.exclude(pk=sign_on.pk)
    others.filter(logout_attempts__gte=MOST_ATTEMPTS).update(logout_due=None, logout_told=now)
    others.update(
        logout_due=now + pause_after(sign_on.logout_attempts),
        logout_attempts=F("logout_attempts") + 1,
    )
    _postpone(sign_on, why)


def pause_after(attempts: int) -> timedelta:
    """How long to wait before the next try, after this many in vain."""
    return min(FIRST_PAUSE * float(1 << min(attempts - 1, 16)), LONGEST_PAUSE)
