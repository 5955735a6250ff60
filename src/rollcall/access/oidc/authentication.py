"""How sure it is who signed in, in a word that clients know (OpenID Connect Core, 2, `acr`)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from rollcall.accounts.proofs import SEVERAL

PASSWORD_ACR: Final = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"  # noqa: S105
MFA_ACR: Final = "https://refeds.org/profile/mfa"
ACRS: Final = (MFA_ACR, PASSWORD_ACR)


def acr_of(amr: Collection[str]) -> str:
    """The class of an authentication by these methods: with more than one factor, or with one."""
    return MFA_ACR if SEVERAL in amr else PASSWORD_ACR
