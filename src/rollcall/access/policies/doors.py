"""What a door asks of the policies about somebody who is signed in already."""

from __future__ import annotations

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest
from django.utils import timezone

from rollcall.access.policies import admitting, gathering
from rollcall.access.policies.decision.deciding import Explanation
from rollcall.access.policies.decision.facts import Resource, ResourceType
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
