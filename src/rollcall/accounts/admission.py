"""The port by which a room above decides who is admitted at sign-in, and with which factors.

Accounts know who somebody is; whether they may come in now, from here, with a password alone, is
decided by whoever fills the port (`access/policies`). Until it is filled, whoever has proved to be
the owner of an active account is admitted.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from rollcall.accounts.models import Role


class Factor(enum.StrEnum):
    """What somebody proves who they are with."""

    PASSWORD = "password"  # noqa: S105 - no password
    SECOND_FACTOR = "second_factor"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody who asks to be signed in, with what they have proved.

    `user_id` is the directory user whose account it is, "" where there is none; `address` the
    client's IP address; `methods` names the kinds of second factor that were proved (`totp`,
    `webauthn`, `recovery_codes`). An account that has set up a second factor has always been asked
    for it before it comes here. `passwordless` says that a passkey has verified its owner.
    """

    account_id: int
    user_id: str
    roles: frozenset[Role]
    proved: frozenset[Factor]
    address: str
    methods: frozenset[str] = frozenset()
    passwordless: bool = False

    @property
    def counted(self) -> frozenset[Factor]:
        """What it counts as: a passkey is two factors, the device and what unlocks it."""
        return self.proved | {Factor.PASSWORD} if self.passwordless else self.proved


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a sign-in.

    Somebody who is `admitted` must have proved all `factors`. `policy` names who decided and
    `reason` is why, both for the audit trail; `message` is for the person who is refused, in their
    language, "" for the ordinary one. `context` is what the decision looked at: it is kept with its
    event, in Directory Insights' `auth_context`.
    """

    admitted: bool
    factors: frozenset[Factor] = frozenset({Factor.PASSWORD})
    policy: str = ""
    reason: str = ""
    message: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)

    def admits(self, sign_in: SignIn) -> bool:
        """Whether this sign-in, with what it has proved, may go on."""
        return self.admitted and self.factors <= sign_in.counted


class AdmissionPolicy(Protocol):
    """What fills the port."""

    def decide(self, sign_in: SignIn) -> Decision:
        """Whether they are admitted, and with which factors; raising refuses them."""


class AdmitOwners:
    """Admits whoever has proved to be the owner of an active account."""

    def decide(self, sign_in: SignIn) -> Decision:
        """Yes, with the factors that the account has set up."""
        return Decision(admitted=True)


DEFAULT: Final[AdmissionPolicy] = AdmitOwners()
_filled_by: AdmissionPolicy = DEFAULT


def fill(policy: AdmissionPolicy) -> None:
    """Let this policy decide from now on; called by its app's `ready`."""
    global _filled_by
    _filled_by = policy


def filled_by() -> AdmissionPolicy:
    """The policy that decides now."""
    return _filled_by


def decide(sign_in: SignIn) -> Decision:
    """What becomes of this sign-in."""
    return _filled_by.decide(sign_in)
