"""A passkey without a browser: makes itself known to an account, and answers a question."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from rollcall.accounts.models import Account

SITE = "testserver"
PRESENT = AuthenticatorData.FLAG.UP
VERIFIED = PRESENT | AuthenticatorData.FLAG.UV


@dataclass
class Passkey:
    """One key of one account."""

    account: Account
    id: bytes = b"a passkey of the tests"
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def add(self) -> Authenticator:
        """Let it be one of the account's factors."""
        public = ES256.from_cryptography_key(  # type: ignore[no-untyped-call]  # fido2's own
            self.private.public_key()
        )
        credential = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        flags = VERIFIED | AuthenticatorData.FLAG.AT
        data = AuthenticatorData.create(_site(), flags, 0, credential)
        attested = AttestationObject.create("none", data, {})
        client_data = _client_data("webauthn.create", b"0" * 32)
        response = {
            "clientDataJSON": websafe_encode(client_data),
            "attestationObject": websafe_encode(attested),
        }
        return Authenticator.objects.create(
            user=self.account,
            type=Authenticator.Type.WEBAUTHN,
            data={"name": "Phone", "credential": self._credential(response)},
        )

    def answer(self, challenge: str, flags: AuthenticatorData.FLAG = VERIFIED) -> str:
        """What the browser would post for this question."""
        data = AuthenticatorData.create(_site(), flags, 0)
        client_data = _client_data("webauthn.get", challenge)
        signed = bytes(data) + hashlib.sha256(client_data).digest()
        response = {
            "clientDataJSON": websafe_encode(client_data),
            "authenticatorData": websafe_encode(bytes(data)),
            "signature": websafe_encode(self.private.sign(signed, ec.ECDSA(SHA256()))),
            "userHandle": websafe_encode(user_pk_to_url_str(self.account).encode()),
        }
        return json.dumps(self._credential(response))

    def _credential(self, response: dict[str, str]) -> dict[str, Any]:
        id_ = websafe_encode(self.id)
        extensions = {"credProps": {"rk": True}}
        return {
            "type": "public-key",
            "id": id_,
            "rawId": id_,
            "authenticatorAttachment": "cross-platform",
            "response": response,
            "clientExtensionResults": extensions,
        }


def _site() -> bytes:
    return hashlib.sha256(SITE.encode()).digest()


def _client_data(type_: str, challenge: bytes | str) -> bytes:
    origin = f"https://{SITE}"
    return bytes(CollectedClientData.create(type_, challenge, origin))
