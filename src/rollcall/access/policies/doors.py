"""What a door asks of the policies about somebody who is signed in already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest
from django.utils import timezone

from rollcall.access.policies import admitting, books, gathering
from rollcall.access.policies.decision.deciding import Explanation
from rollcall.access.policies.decision.facts import Factor, Resource, ResourceType
from rollcall.accounts.actors import address_of
from rollcall.accounts.models import Account


def at_application(request: HttpRequest, account: Account, application_id: str) -> Explanation:
    """What becomes of whoever is signed in there now, from here, with what they have proved.

    Three statements at most.

    Raises:
        Malformed: see `admitting.decide`; the door stays closed.
    """
    facts = gathering.of(
        gathering.Who(account.pk, account.user_id or ""),
        Resource(ResourceType.APPLICATION, application_id),
        timezone.now(),
        address=address_of(request),
        proved=gathering.proved_by(get_authentication_records(request, account)),
    )
    return admitting.decide(facts)


def at_refresh(
    account: Account, application_id: str, address: str, proved: Mapping[Factor, datetime]
) -> Explanation | None:
    """What becomes now of whoever signed on before, from that address, with those proofs.

    None where no rule is about applications; that takes one statement, everything else three.

    Raises:
        Malformed: as at `at_application`.
    """
    rulebook = books.current()
    if not rulebook.decides_about(ResourceType.APPLICATION):
        return None
    facts = gathering.of(
        gathering.Who(account.pk, account.user_id or ""),
        Resource(ResourceType.APPLICATION, application_id),
        timezone.now(),
        address=address,
        proved=proved,
    )
    return rulebook.decide(facts)
