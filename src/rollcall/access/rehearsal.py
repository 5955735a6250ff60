"""A sign-on tried out: whether somebody would get in, why, and what the application would be told.

Nothing is sent to the application, and nobody is signed in there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from rollcall.access import entitlement
from rollcall.access.oidc import claims, mapped_claims
from rollcall.access.oidc.models import Client
from rollcall.access.policies import admitting, gathering
from rollcall.access.policies.decision.deciding import Explanation
from rollcall.access.policies.decision.facts import Factor, Resource, ResourceType
from rollcall.access.saml import asking
from rollcall.access.saml.answering import Asked, subject_of
from rollcall.access.saml.models import Connection
from rollcall.accounts import second_factors
from rollcall.accounts.models import Account
from rollcall.accounts.proofs import Proof
from rollcall.directory.models import Application, User


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who tries, from which address, and what they have proved.

    Without `proved` they are taken to have given their password just now.
    """

    user: User
    address: str
    proved: Mapping[Factor, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would happen.

    `account` is None where the user has none. `refusal` is why the application is closed to them
    whatever they prove, "" where it is not; `explanation` what the policies say, None where they
    are not asked any more. `enrols_first` says that they have to set up a second factor before.
    """

    account: Account | None
    refusal: str
    explanation: Explanation | None
    enrols_first: bool = False

    @property
    def admitted(self) -> bool:
        """Whether they would get in with what they have proved."""
        return not self.refusal and self.explanation is not None and self.explanation.admitted


def rehearse(application: Application, attempt: Attempt) -> Rehearsal:
    """Try a sign-on at the application, as its doors decide it: ten statements at most.

    Raises:
        Malformed: a policy was stored that cannot be read; the doors stay closed.
    """
    accounts = Account.objects.select_related("user").prefetch_related("role_grants")
    account = accounts.filter(user=attempt.user).first()
    if account is None:
        return Rehearsal(None, "", None)
    if reason := entitlement.ask(account, application):
        return Rehearsal(account, reason, None)
    if second_factors.is_missing(account):
        return Rehearsal(account, "", None, enrols_first=True)
    now = timezone.now()
    facts = gathering.of(
        gathering.Who(account.pk, attempt.user.pk),
        Resource(ResourceType.APPLICATION, application.pk),
        now,
        address=attempt.address,
        proved={Factor.PASSWORD: now} if attempt.proved is None else attempt.proved,
    )
    return Rehearsal(account, "", admitting.decide(facts))


def claims_told(application: Application, user: User) -> dict[str, Any]:
    """The claims that an application gets of this user when it asks for every scope."""
    groups = entitlement.groups_of(user, application)
    standard = claims.of_user(user, claims.KNOWN, groups)
    client = Client.objects.filter(application=application).first()
    rules = mapped_claims.rules_of(client) if client else ()
    return mapped_claims.told_over(standard, rules, user, groups)


def statements_told(connection: Connection, user: User, issuer: str) -> dict[str, Any]:
    """What an assertion about this user says to an application, by SAML's names.

    Raises:
        Nameless: they have nothing in the field that is to name them there.
    """
    configuration = connection.configuration
    asked = Asked(connection, configuration, issuer, configuration.acs_urls[0], None)
    wish = asking.name_id_wish(None, configuration)
    subject = subject_of(asked, user, wish, Proof(int(timezone.now().timestamp()), ("pwd",)))
    return {
        "Issuer": issuer,
        "Audience": configuration.sp_entity_id,
        "Destination": asked.acs_url,
        "NameID": subject.name_id,
        "NameID Format": subject.name_id_format,
        **subject.attributes,
    }
