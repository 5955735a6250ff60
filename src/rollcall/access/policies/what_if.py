"""What would become of one sign-in: the question as somebody writes it, and the whole answer."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from rollcall.access.policies import gathering
from rollcall.access.policies.decision.deciding import Explanation
from rollcall.access.policies.decision.facts import (
    UNKNOWN_DEVICE,
    Device,
    Factor,
    Facts,
    Resource,
    ResourceType,
)
from rollcall.accounts.models import Account
from rollcall.core.emails import normalize
from rollcall.directory.models import Application, User


class Doubt(enum.StrEnum):
    """Why a question cannot be answered."""

    NOBODY = "nobody"
    SEVERAL_PEOPLE = "several_people"
    NO_APPLICATION = "no_application"
    SEVERAL_APPLICATIONS = "several_applications"


class Unclear(ValueError):
    """Nobody knows whom or what the question is about; `named` is what was written."""

    def __init__(self, doubt: Doubt, named: str) -> None:
        super().__init__(_WORDS[doubt].format(named=named))
        self.doubt = doubt
        self.named = named


_WORDS = {
    Doubt.NOBODY: "no user and no administrator is called {named}",
    Doubt.SEVERAL_PEOPLE: "several users are called {named}",
    Doubt.NO_APPLICATION: "no application is called {named}",
    Doubt.SEVERAL_APPLICATIONS: "several applications are called {named}",
}


@dataclass(frozen=True, slots=True)
class Question:
    """Who comes in where, when, from where, on what and with which second factor.

    `user` is an e-mail, a username or an id, `application` the id or the name of one; without one
    it is the `portal`. What is left out is not known, and no condition that needs it holds; only
    the country is looked up by the address.
    """

    user: str
    at: datetime
    application: str = ""
    portal: ResourceType = ResourceType.USER_PORTAL
    address: str = ""
    country: str = ""
    device: Device = UNKNOWN_DEVICE
    factor: Factor | None = None

    def facts(self) -> Facts:
        """The facts that a decision about it looks at.

        Raises:
            Unclear: the user or the application is none, or several.
        """
        user, account = person(self.user)
        given = [Factor.PASSWORD, *([self.factor] if self.factor else [])]
        return gathering.of(
            gathering.Who(account.pk if account else None, user.pk if user else ""),
            self._resource(),
            self.at,
            address=self.address,
            country=self.country.upper() or None,
            device=self.device,
            proved=dict.fromkeys(given, self.at),
        )

    def _resource(self) -> Resource:
        if not self.application:
            return Resource(self.portal)
        return Resource(ResourceType.APPLICATION, application_id(self.application))


def person(text: str) -> tuple[User | None, Account | None]:
    """The directory user and the account that somebody wrote; either may be missing, not both.

    Raises:
        Unclear: it is nobody, or several users.
    """
    named = Q(email=normalize(text)) | Q(username__iexact=text) | Q(pk=text)
    users = list(User.objects.filter(named)[:2])
    account = Account.objects.by_email(text)
    if len(users) > 1:
        raise Unclear(Doubt.SEVERAL_PEOPLE, text)
    user = users[0] if users else account.user if account else None
    if user is None and account is None:
        raise Unclear(Doubt.NOBODY, text)
    # An e-mail that a user and an account have in common proves nothing: the link does.
    return user, getattr(user, "account", None) if user else account


def application_id(text: str) -> str:
    """The id of the application with this id or label.

    Raises:
        Unclear: there is none, or there are several.
    """
    named = Application.objects.filter(Q(pk=text) | Q(displayLabel=text))
    ids = list(named.values_list("pk", flat=True)[:2])
    if len(ids) == 1:
        return ids[0]
    raise Unclear(Doubt.SEVERAL_APPLICATIONS if ids else Doubt.NO_APPLICATION, text)


def told(explanation: Explanation) -> dict[str, Any]:
    """The answer for a program: the decision, and every policy that is for this person there."""
    return {**explanation.as_json(), "policies": considered(explanation)}


def considered(explanation: Explanation) -> list[dict[str, Any]]:
    """Every policy that is for this person there, with what came of each of its conditions."""
    return [
        {
            "id": each.policy.id,
            "name": each.policy.name,
            "action": each.policy.action.value,
            "holds": each.holds,
            "conditions": each.policy.condition.trace(explanation.facts, explanation.lists),
        }
        for each in explanation.considered
    ]
