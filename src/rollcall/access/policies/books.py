"""The rulebook as it is stored, compiled once for each edition of it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from rollcall.access.policies.decision.address_lists import AddressList
from rollcall.access.policies.decision.deciding import Rulebook
from rollcall.access.policies.decision.facts import ResourceType
from rollcall.access.policies.decision.parsing import Document, parse
from rollcall.access.policies.decision.policy import Default
from rollcall.access.policies.models import AccessPolicy, Edition, IpList, ResourceDefault

_compiled: tuple[UUID | None, Rulebook] | None = None


def current() -> Rulebook:
    """The rulebook that holds now: one statement, unless somebody has changed it since.

    Raises:
        Malformed: a policy was stored that cannot be read; nobody is let in past it.
    """
    global _compiled
    token = Edition.objects.values_list("token", flat=True).first()
    known = _compiled
    if known is None or known[0] != token:
        # The token was read first: what changes meanwhile comes with another one.
        known = _compiled = (token, read())
    return known[1]


def read() -> Rulebook:
    """The rulebook, read and compiled now."""
    return compiled(AccessPolicy.objects.filter(disabled=False), IpList.objects.all(), defaults())


def compiled(
    policies: Iterable[AccessPolicy],
    lists: Iterable[IpList],
    chosen: dict[ResourceType, Default],
) -> Rulebook:
    """The rulebook of these rows, whether they are stored or not; switched-off policies are not in.

    Raises:
        Malformed: one of them cannot be read.
    """
    return Rulebook(
        (parse(policy.pk, document(policy)) for policy in policies if not policy.disabled),
        (AddressList.of(each.pk, each.name, each.ips) for each in lists),
        chosen,
    )


def document(policy: AccessPolicy) -> Document:
    """The policy as the pure core reads it."""
    return Document(
        name=policy.name,
        description=policy.description,
        disabled=policy.disabled,
        type=policy.type,
        targets=policy.targets,
        conditions=policy.conditions,
        effect=policy.effect,
    )


def defaults() -> dict[ResourceType, Default]:
    """The defaults that somebody has chosen."""
    rows = ResourceDefault.objects.values_list("resource", "action")
    return {ResourceType(resource): Default(action) for resource, action in rows}
