"""Claims that an administrator has mapped for an application, beside those of the scopes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction

from rollcall.access import attribute_mapping
from rollcall.access.attribute_mapping import ClaimRule
from rollcall.access.oidc.clients import Unregistrable
from rollcall.access.oidc.models import Client
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import record
from rollcall.core.refusal import Refusal
from rollcall.directory.models import User
from rollcall.directory.services.events import application_target

RESERVED: Final = frozenset(
    {
        *("iss", "sub", "aud", "azp", "exp", "iat", "nbf", "jti", "nonce", "sid", "events"),
        *("auth_time", "amr", "acr", "at_hash", "c_hash", "s_hash", "cnf", "act", "may_act"),
        *("email_verified", "phone_number_verified", "_claim_names", "_claim_sources"),
    }
)
"""Claims that say who somebody is, or what the token is worth: no rule writes over them."""

FIELD: Final = "claims"


class ClaimsRefused(Unregistrable):
    """The rules cannot be kept; `refusals` says why, one by one."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__("; ".join(refusal.text() for refusal in refusals))
        self.refusals = tuple(refusals)


def rules_of(client: Client) -> tuple[ClaimRule, ...]:
    """The client's rules, in their order."""
    return attribute_mapping.from_json(client.claims)


def refusals(rules: Sequence[ClaimRule]) -> list[Refusal]:
    """Why these rules cannot be kept for a client; [] where they can."""
    reserved = [Refusal(FIELD, "reserved", rule.name) for rule in rules if rule.name in RESERVED]
    return [*attribute_mapping.refusals(rules, FIELD), *reserved]


def told_over(
    standard: Mapping[str, Any], rules: Sequence[ClaimRule], user: User, groups: Sequence[str]
) -> dict[str, Any]:
    """The claims of the scopes with those of the rules, which come before them by the same name."""
    facts = attribute_mapping.facts_of(user)
    mapped = attribute_mapping.evaluate(rules, facts, groups)
    allowed = {name: value for name, value in mapped.items() if name not in RESERVED}
    told = {**standard, **allowed}
    # That its address is verified the organization says of its own only.
    if told.get("email") != standard.get("email"):
        told.pop("email_verified", None)
    return told


@transaction.atomic
def change_claims(actor: Actor, client: Client, rules: Sequence[ClaimRule]) -> None:
    """Let the client be told these claims beside those of the scopes, from its next token on.

    Raises:
        ClaimsRefused: they cannot be kept.
    """
    if wrong := refusals(rules):
        raise ClaimsRefused(wrong)
    before, after = list(client.claims), attribute_mapping.as_json(rules)
    if before == after:
        return
    client.claims = after
    client.save(update_fields=["claims", "updated"])
    target = application_target(client.application)
    record(
        actor,
        Action.SSO_CLIENT_UPDATE,
        target,
        before={FIELD: before},
        after={FIELD: after},
    )
