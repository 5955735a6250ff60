"""The keys that sign the chain: made at the first seal, kept sealed, so that they can be rotated.

They stand in the database, sealed like every secret there: without `sealing.key` nobody can sign,
and a rotation of those keys leaves every signature as it is.
"""

from __future__ import annotations

import hmac
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from rollcall.audit.models import SigningKey
from rollcall.core.key_ring import SealBroken
from rollcall.core.sealing import seal_bytes, unseal_bytes

MARK: Final = b"\xffaudit signing key\x00"
"""What a key begins with. No text does: whoever has some words of theirs sealed (a password kept
for an import, say) and puts them here gains no key that they know."""


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The keys that open, the newest first: that one signs, each of them vouches."""

    keys: tuple[bytes, ...]

    def sign(self, purpose: str, content: bytes) -> bytes:
        """A signature (HMAC-SHA256) of the content, good for this purpose alone."""
        return _signature(self.keys[0], purpose, content)

    def is_signed(self, purpose: str, content: bytes, signature: bytes) -> bool:
        """Whether one of the keys made this signature for this purpose."""
        own = (_signature(key, purpose, content) for key in self.keys)
        return any(hmac.compare_digest(made, signature) for made in own)


def load() -> SigningKeys:
    """The keys that the installation's keys open; none where nothing was sealed."""
    keys = []
    for row in SigningKey.objects.order_by("-pk"):
        # A key that does not open vouches for nothing: made under lost keys, or put there by
        # somebody.
        with suppress(SealBroken):
            content = unseal_bytes(bytes(row.sealed))
            if content.startswith(MARK):
                keys.append(content)
    return SigningKeys(tuple(keys))


def load_or_make() -> SigningKeys:
    """The same, with a new key where none opens: what was signed before is vouched for no longer.

    Raises:
        SealBroken: the installation's keys are damaged.
    """
    loaded = load()
    if loaded.keys:
        return loaded
    key = MARK + os.urandom(32)
    SigningKey.objects.create(sealed=seal_bytes(key))
    return SigningKeys((key,))


def _signature(key: bytes, purpose: str, content: bytes) -> bytes:
    return hmac.digest(key, purpose.encode() + b"\x00" + content, "sha256")
