"""By what codes, tokens and client secrets are kept: a fast hash, since all of them are random."""

from __future__ import annotations

import hashlib


def digest(secret: str) -> str:
    """The SHA-256 of a random secret, in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()
