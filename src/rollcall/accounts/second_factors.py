"""Second factors: their secrets are sealed like every other one, and sealed anew with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from allauth.mfa.adapter import DefaultMFAAdapter
from django.db import transaction

from rollcall.accounts import factors
from rollcall.accounts.factor_rules import Enrolment
from rollcall.accounts.models import Account, Role, RoleRule
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.audit.recording import Target
from rollcall.core import sealing
from rollcall.core.actor import Actor

# Security keys are not among them: what is stored of one is public.
SECRETS: Final = ("secret", "seed")
"""What allauth keeps encrypted: an authenticator app's secret, the recovery codes' seed."""


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """What allauth asks of an installation that has second factors."""

    def encrypt(self, text: str) -> str:
        """The secret as it is stored."""
        return sealing.seal(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret as it was.

        Raises:
            SealBroken: the key that sealed it is gone.
        """
        return sealing.unseal(encrypted_text.encode())

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """What a security key shows for this site."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Rollcall"}


def required_roles() -> frozenset[Role]:
    """The roles in which one has to have a second factor."""
    rules = RoleRule.objects.filter(second_factor=True)
    return frozenset(Role(role) for role in rules.values_list("role", flat=True))


def enrolment_of(account: Account) -> Enrolment:
    """Whether a role, a group or a rule for everybody asks for a second factor, and from when on.

    A role's rule leaves no time: who administers sets one up before anything else.
    """
    enrolment = factors.of(account).enrolment
    if enrolment.configured or not account.roles:
        return enrolment
    rules = RoleRule.objects.filter(role__in=[role.value for role in account.roles])
    if not rules.filter(second_factor=True).exists():
        return enrolment
    return Enrolment(required=True, configured=False, until=None, in_period=False)


def is_missing(account: Account) -> bool:
    """Whether the account must set up a second factor before anything else."""
    return enrolment_of(account).is_due


@transaction.atomic
def require(actor: Actor, roles: Collection[Role]) -> None:
    """Require a second factor of whoever has one of these roles, and of nobody else."""
    before = required_roles()
    if before == frozenset(roles):
        return
    for role in Role:
        RoleRule.objects.update_or_create(role=role, defaults={"second_factor": role in roles})
    recording.record(
        actor,
        Action.SETTINGS_SECOND_FACTOR_SAVE,
        Target("settings", name="second_factor"),
        before={"roles": sorted(before)},
        after={"roles": sorted(roles)},
    )


def resealed(data: Mapping[str, Any]) -> dict[str, Any] | None:
    """What allauth keeps of a factor, sealed with the newest key; None where it is already.

    Raises:
        SealBroken: see `MfaAdapter.decrypt`.
    """
    renewed = {
        name: new.decode()
        for name in SECRETS
        if name in data and (new := sealing.resealed(data[name].encode())) is not None
    }
    return {**data, **renewed} if renewed else None
