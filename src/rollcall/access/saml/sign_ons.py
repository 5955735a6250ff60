"""Sign-ons by SAML: begun, ended with who may no longer be there, and known until told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from rollcall.access import entitlement
from rollcall.access.saml.messages.responses import Subject
from rollcall.access.saml.models import AnsweredRequest, Connection, SignOn
from rollcall.accounts.departures import Departure
from rollcall.accounts.models import Account
from rollcall.jobs.forgetting import oldest
from rollcall.provisioning.user import State

KEPT: Final = timedelta(hours=2)
"""How long it is known that a request was answered: longer than one is good for."""


class AnsweredAlready(Exception):
    """The request was answered before, perhaps this instant."""


def begin(connection: Connection, account: Account, subject: Subject, session_key: str) -> SignOn:
    """Keep that this account signs on, as the assertion says."""
    return SignOn.objects.create(
        connection=connection,
        account=account,
        index=subject.session_index,
        name_id=subject.name_id,
        name_id_format=subject.name_id_format,
        browser=browser(session_key),
        expires=subject.session_until,
    )


def answer_once(connection: Connection, request_id: str) -> None:
    """Note that the request is being answered.

    Raises:
        AnsweredAlready: see there.
    """
    digest = hashlib.sha256(f"{connection.pk} {request_id}".encode()).hexdigest()
    try:
        with transaction.atomic():
            AnsweredRequest.objects.create(digest=digest, at=timezone.now())
    except IntegrityError:
        raise AnsweredAlready from None


def browser(session_key: str) -> str:
    """What a session of ours is known by here."""
    return hashlib.sha256(session_key.encode()).hexdigest() if session_key else ""


def named(connection: Connection, name_id: str, indexes: Iterable[str]) -> QuerySet[SignOn]:
    """The sign-ons of this name at an application; of these indexes only, where there are any."""
    rows = SignOn.objects.filter(connection=connection, name_id=name_id, told=None)
    wanted = list(indexes)
    return rows.filter(index__in=wanted) if wanted else rows


def end(sign_ons: QuerySet[SignOn]) -> int:
    """Have these be over: their applications are told in time; how many were not over."""
    return sign_ons.filter(ended=None).update(ended=timezone.now())


def end_of_departure(departure: Departure) -> int:
    """End the sign-ons of somebody who is out here: of these browsers, or of all; how many."""
    rows = SignOn.objects.filter(account=departure.account_id)
    if departure.session_keys:
        rows = rows.filter(browser__in=list(map(browser, departure.session_keys)))
    return end(rows)


def end_whoever_is_out() -> int:
    """End the sign-ons of people who may no longer be at their application, where it takes that."""
    user = "account__user"
    out = (
        Q(account__is_active=False)
        | Q(account__user=None)
        | ~Q(account__user__state=State.ACTIVATED.value)
        | Q(account__user__account_locked=True)
        | Q(account__user__password_expired=True)
        | Q(connection__application__active=False)
        | ~Q(entitlement.bound("connection__application", user))
    )
    open_ = SignOn.objects.filter(ended=None, expires__gt=timezone.now())
    return end(open_.exclude(connection__slo_soap_url="").filter(out))


def forget() -> int:
    """Delete sign-ons and answered requests that are over, a share in one pass; how many."""
    now = timezone.now()
    late = SignOn.objects.filter(expires__lt=now)
    gone = oldest(late, of=SignOn.objects.all(), by="expires").delete()[0]
    answered = AnsweredRequest.objects.filter(at__lt=now - KEPT)
    return gone + oldest(answered, of=AnsweredRequest.objects.all(), by="at").delete()[0]
