"""What a policy's CEL expression can speak of."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from rollcall.access.policies.decision.facts import SECOND_FACTORS, Facts
from rollcall.core.expressions import Language, Type

VARIABLES: Final = {
    "user_id": Type.TEXT,
    "group_ids": Type.TEXTS,
    "resource": Type.TEXT,
    "application_id": Type.TEXT,
    "ip": Type.TEXT,
    "country": Type.TEXT,
    "device_managed": Type.FLAG,
    "device_encrypted": Type.FLAG,
    "operating_system": Type.TEXT,
    "os_version": Type.TEXT,
    "mfa_configured": Type.FLAG,
    "mfa": Type.FLAG,
    "now": Type.TIME,
}
"""The names and types that an expression may use; docs/access.md explains them."""


@cache
def language() -> Language:
    """The language of policies."""
    return Language(VARIABLES)


def values(facts: Facts) -> dict[str, Any]:
    """The facts by these names; what is not known is left out, and makes what needs it unknown."""
    device = facts.device
    told = {
        "user_id": facts.user_id,
        "group_ids": list(facts.group_ids),
        "resource": facts.resource.type.value,
        "application_id": facts.resource.id,
        "ip": facts.address or None,
        "country": facts.country,
        "device_managed": device.managed,
        "device_encrypted": device.encrypted,
        "operating_system": device.operating_system,
        "os_version": device.os_version,
        "mfa_configured": facts.mfa_configured,
        "mfa": not SECOND_FACTORS.isdisjoint(facts.proved),
        "now": facts.at,
    }
    return {name: value for name, value in told.items() if value is not None}
