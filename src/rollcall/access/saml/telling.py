"""Tells applications who is out: a LogoutRequest by SOAP, tried again until it has arrived."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import httpx
from django.db.models import F
from django.utils import timezone

from rollcall.access.saml import addresses, certificates, events, sign_ons
from rollcall.access.saml.configuration import certificate_of
from rollcall.access.saml.messages import requests, signatures
from rollcall.access.saml.messages.names import SUCCESS
from rollcall.access.saml.messages.parsing import Unreadable
from rollcall.access.saml.messages.sign_out import Farewell, answer_in_soap, request
from rollcall.access.saml.messages.signatures import Unsigned
from rollcall.access.saml.models import SignOn
from rollcall.core.actor import ROLLCALL
from rollcall.core.errors import Problem
from rollcall.core.outgoing import addresses as outgoing
from rollcall.core.outgoing.client import Bounds, Client
from rollcall.core.outgoing.errors import OutgoingError

AT_ONCE: Final = 50
MOST_ATTEMPTS: Final = 8
FIRST_PAUSE: Final = timedelta(seconds=10)
NOT_ALLOWED: Final = "its address is not in ROLLCALL_ALLOWED_ADDRESSES"
BOUNDS: Final = Bounds(seconds=20, timeout=10, connect_timeout=5, bytes=65_536)
HEADERS: Final = {
    "Content-Type": "text/xml; charset=utf-8",
    "SOAPAction": '"http://www.oasis-open.org/committees/security"',
}


def tell() -> int:
    """Tell of everybody who is out and whose application takes it; how many were told.

    Harmless in several processes at once: a sign-on is claimed by its count of attempts.
    """
    sign_ons.end_whoever_is_out()
    due = _due()
    if not due:
        return 0
    client = Client(BOUNDS, connections=4, headers=HEADERS)
    try:
        return sum(_told(client, sign_on) for sign_on in due if _claimed(sign_on))
    finally:
        client.close()


def _due() -> list[SignOn]:
    now = timezone.now()
    rows = SignOn.objects.filter(told=None, ended__isnull=False, expires__gt=now)
    rows = rows.exclude(connection__slo_soap_url="").select_related("connection__application")
    waiting = rows.order_by("ended", "pk")[:AT_ONCE]
    return [row for row in waiting if row.ended and row.ended + pause(row.attempts) <= now]


def pause(attempts: int) -> timedelta:
    """How long after its end a sign-on is tried once more, after this many attempts."""
    return FIRST_PAUSE * (1 << attempts) if attempts else timedelta()


def _claimed(sign_on: SignOn) -> bool:
    mine = SignOn.objects.filter(pk=sign_on.pk, attempts=sign_on.attempts, told=None)
    return bool(mine.update(attempts=F("attempts") + 1))


def _told(client: Client, sign_on: SignOn) -> bool:
    # Whoever sets applications up may type an address: it is the operator who opens the way.
    allowed = outgoing.is_allowed(sign_on.connection.slo_soap_url)
    error = _attempt(client, sign_on) if allowed else NOT_ALLOWED
    last = sign_on.attempts + 1 >= MOST_ATTEMPTS or not allowed
    if not error or last:
        SignOn.objects.filter(pk=sign_on.pk).update(told=timezone.now())
        events.signed_out(ROLLCALL, sign_on, success=not error, reason=error)
    return not error


def _attempt(client: Client, sign_on: SignOn) -> str:
    """Send it; the kind of error that came of it, "" for none."""
    connection = sign_on.connection
    try:
        signer = certificates.signer(certificates.current(connection))
        farewell = Farewell(
            issuer=addresses.entity_id(connection),
            destination=connection.slo_soap_url,
            name_id=sign_on.name_id,
            name_id_format=sign_on.name_id_format,
            session_index=sign_on.index,
            now=timezone.now(),
        )
        content = request(farewell, connection.signature_algorithm, signer)
        sent = client.request("POST", connection.slo_soap_url, content=content)
        answer = client.send(sent)
        if answer.status_code != 200:
            return f"answered {answer.status_code}"
        message = answer_in_soap(answer.content)
        if connection.sp_certificate and requests.has_signature(message):
            message = signatures.verified(message, certificate_of(connection.sp_certificate))
        status = requests.status_of(message)
        return "" if status == SUCCESS else "the application did not sign them out"
    except (httpx.HTTPError, OutgoingError, Unreadable, Unsigned, Problem) as error:
        return type(error).__name__
