"""Secrets at rest: sealed with this installation's keys, opened only where they are used."""

from __future__ import annotations

from cryptography.fernet import InvalidToken

from rollcall.core import key_ring
from rollcall.core.key_ring import KEY_FILE, SealBroken

__all__ = ["SealBroken", "resealed", "seal", "seal_bytes", "unseal", "unseal_bytes"]


def seal(text: str) -> bytes:
    """The text encrypted with the newest key.

    Raises:
        SealBroken: the file of the keys is damaged.
    """
    return seal_bytes(text.encode())


def seal_bytes(content: bytes) -> bytes:
    """The content encrypted with the newest key.

    Raises:
        SealBroken: see `seal`.
    """
    return key_ring.ring().encrypt(content)


def unseal(sealed: bytes) -> str:
    """The text that was sealed, whichever of the installation's keys sealed it.

    Raises:
        SealBroken: no key opens it, or the file of the keys is damaged.
    """
    return unseal_bytes(sealed).decode()


def unseal_bytes(sealed: bytes) -> bytes:
    """The content that was sealed.

    Raises:
        SealBroken: see `unseal`.
    """
    try:
        return key_ring.ring().decrypt(bytes(sealed))
    except InvalidToken:
        raise _unknown_key() from None


def resealed(sealed: bytes) -> bytes | None:
    """The same content sealed with the newest key; None where that key sealed it already.

    Raises:
        SealBroken: see `unseal`.
    """
    try:
        key_ring.newest().decrypt(bytes(sealed))
    except InvalidToken:
        return seal_bytes(unseal_bytes(sealed))
    return None


def _unknown_key() -> SealBroken:
    return SealBroken(
        f"a stored secret cannot be opened with the keys in {KEY_FILE}: have ROLLCALL_DATA_DIR "
        "name the folder with the key that sealed it, put that key back into the file, or enter "
        "the secret again"
    )
