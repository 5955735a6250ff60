"""The one pair of credentials of a stand-in account, and the tokens it is given."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest


@dataclass(frozen=True)
class Credentials:
    """A Client ID (`papi-<uuid>`) and a Client Secret (`papi-` and 86 letters)."""

    client_id: str
    client_secret: str

    @classmethod
    def of_seed(cls, seed: int) -> Credentials:
        """The documented pair of the account with this seed."""
        bits = hashlib.sha512(f"sandbox account {seed}".encode()).digest()
        client = uuid.UUID(bytes=bits[:16], version=4)
        return cls(f"papi-{client}", f"papi-{base64.urlsafe_b64encode(bits).decode().rstrip('=')}")

    def known(self, client_id: str) -> bool:
        """Whether this is the account's Client ID."""
        return compare_digest(self.client_id.encode(), client_id.encode())

    def match(self, client_id: str, client_secret: str) -> bool:
        """Whether both are the account's."""
        # Both are compared whatever the first came to, so that the time tells neither.
        right = compare_digest(self.client_secret.encode(), client_secret.encode())
        return self.known(client_id) and right


@dataclass(frozen=True)
class Token:
    """A token, what it opens, and the moment (of the store's clock) from which it is dead."""

    text: str
    version: int
    scopes: tuple[str, ...]
    expires: float


class TokenStore:
    """The tokens given out; asking again within a token's life gives the same one."""

    def __init__(self, seconds: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._living: dict[str, Token] = {}
        self._given: dict[tuple[int, tuple[str, ...]], str] = {}

    def give(self, version: int, scopes: tuple[str, ...]) -> Token:
        """The living token for these scopes of this version of the API, or a new one."""
        # As Personio does: whoever ends this token ends it for all who share the credential.
        token = self.find(self._given.get((version, scopes), ""))
        if token is None:
            text = f"papi-{secrets.token_urlsafe(64)}"
            token = Token(text, version, scopes, self._clock() + self._seconds)
            self._living[text] = token
            self._given[version, scopes] = text
        return token

    def find(self, text: str) -> Token | None:
        """The token if it lives."""
        token = self._living.get(text)
        if token is not None and token.expires <= self._clock():
            self.end(text)
            return None
        return token

    def remaining(self, token: Token) -> int:
        """The seconds that a token has left."""
        return max(0, round(token.expires - self._clock()))

    def end(self, text: str) -> None:
        """Make a token dead, for everybody who holds it."""
        self._living.pop(text, None)
