"""Second factors: their secrets are sealed like every other one, and sealed anew with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from allauth.mfa.adapter import DefaultMFAAdapter

from rollcall.core import sealing

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
