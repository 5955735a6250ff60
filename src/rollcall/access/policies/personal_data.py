"""What conditional access keeps of a person: policies that name them."""

from __future__ import annotations

from rollcall.access.policies import services
from rollcall.access.policies.models import AccessPolicy
from rollcall.core.actor import Actor
from rollcall.privacy.mentions import mentioning
from rollcall.privacy.registry import Impersonal, PersonalRecords, Rows, Statement
from rollcall.privacy.subject import Subject

JSON = ("targets", "conditions")


def _policies(subject: Subject) -> Rows:
    return (mentioning(AccessPolicy.objects.all(), JSON, subject.words),)


def _erase(subject: Subject, actor: Actor) -> int:
    """The policies stay: they are the organization's, and hold for everybody else as before."""
    return services.forget_person(subject.words)


STATEMENT = Statement(
    records=(
        PersonalRecords(
            name="policies that name them",
            columns=("policies.AccessPolicy.targets", "policies.AccessPolicy.conditions"),
            rows=_policies,
            erase=_erase,
        ),
    ),
    impersonal=(
        Impersonal(
            (
                "policies.AccessPolicy.id",
                "policies.AccessPolicy.name",
                "policies.AccessPolicy.description",
                "policies.AccessPolicy.type",
                "policies.AccessPolicy.effect",
                "policies.AccessPolicy.search_text",
            ),
            "what a policy of the organization is for, and what it does",
        ),
        Impersonal(("policies.IpList",), "networks of the organization"),
    ),
)
