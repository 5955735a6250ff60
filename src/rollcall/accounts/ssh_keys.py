"""Public SSH keys of users: what is one, how it is told apart, added and removed."""

from __future__ import annotations

import base64
import enum
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_ssh_public_key
from django.db import IntegrityError, transaction

from rollcall.accounts.errors import SshKeyRefusedError
from rollcall.accounts.user_models import SshKey
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Target
from rollcall.core.text import clean, holds_controls
from rollcall.directory.models import User

LONGEST: Final = 8192
"""Characters of a key's line; an RSA key of 16,384 bits takes some 2,800."""

LONGEST_NAME: Final = 255
MOST: Final = 50
"""Keys that one user may have."""

SHORTEST_RSA: Final = 2048

TYPES: Final = frozenset(
    {
        "ssh-ed25519",
        "ssh-rsa",
        "ecdsa-sha2-nistp256",
        "ecdsa-sha2-nistp384",
        "ecdsa-sha2-nistp521",
        "sk-ssh-ed25519@openssh.com",
        "sk-ecdsa-sha2-nistp256@openssh.com",
    }
)
"""What OpenSSH's servers take today; DSA is not among them."""


class Fault(enum.StrEnum):
    """Why a key is not taken, in words for the API and the terminal."""

    NAME = "name is empty, longer than 255 characters, or holds control characters"
    PRIVATE = "public_key is a private key, which is for nobody but its owner: make a new pair"
    MALFORMED = "public_key is no line of an SSH public key"
    TYPE = "public_key is of a type that is not taken (Ed25519, ECDSA, RSA and their sk- kinds are)"
    WEAK = "public_key is an RSA key of less than 2048 bits"
    THERE = "the user has this key already"
    TOO_MANY = "the user has 50 keys already"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that is one: its line without comment, and its fingerprint as `ssh-keygen -l` says."""

    line: str
    fingerprint: str


def parse(text: str) -> PublicKey:
    """The key that was typed: `ssh-ed25519 AAAA… comment`, the line of a `.pub` file.

    The comment goes, which mostly names a person and a machine; so do options (`command="…"`),
    which are none of the key's.

    Raises:
        SshKeyRefusedError: it is none that is taken.
    """
    if "PRIVATE KEY" in text[:LONGEST]:
        raise SshKeyRefusedError(Fault.PRIVATE)
    words = text.split() if len(text) <= LONGEST else []
    if len(words) < 2 or len(text.strip().splitlines()) != 1:
        raise SshKeyRefusedError(Fault.MALFORMED)
    kind, encoded = words[0], words[1]
    if kind not in TYPES:
        # What is no type at all is no key; a type that servers know and we do not take is named.
        known = kind.startswith(("ssh-", "sk-", "ecdsa-"))
        raise SshKeyRefusedError(Fault.TYPE if known else Fault.MALFORMED)
    blob = _blob(kind, encoded)
    if _is_weak(kind, encoded):
        raise SshKeyRefusedError(Fault.WEAK)
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return PublicKey(f"{kind} {encoded}", f"SHA256:{digest}")


def of(user_id: str) -> Sequence[SshKey]:
    """This user's keys, the oldest first."""
    return list(SshKey.objects.filter(user=user_id))


@transaction.atomic
def add(actor: Actor, user: User, name: str, text: str) -> SshKey:
    """Add a key to this user's.

    Raises:
        SshKeyRefusedError: it is none, or there already, or the user has too many.
    """
    named = clean(name)
    if holds_controls(name.strip()) or not 0 < len(named) <= LONGEST_NAME:
        raise SshKeyRefusedError(Fault.NAME)
    parsed = parse(text)
    # The user is held, so that two requests at once cannot add more than there may be.
    User.objects.select_for_update().filter(pk=user.pk).first()
    if SshKey.objects.filter(user=user).count() >= MOST:
        raise SshKeyRefusedError(Fault.TOO_MANY)
    try:
        with transaction.atomic():
            key = SshKey.objects.create(
                user=user, name=named, public_key=parsed.line, fingerprint=parsed.fingerprint
            )
    except IntegrityError:
        raise SshKeyRefusedError(Fault.THERE) from None
    after = {"name": named, "fingerprint": parsed.fingerprint}
    recording.record(actor, Action.USER_SSH_KEY_ADD, _target(user), after=after)
    return key


@transaction.atomic
def remove(actor: Actor, user: User, key_id: str) -> bool:
    """Remove this key from the user's; False where it is none of them."""
    key = SshKey.objects.select_for_update().filter(user=user, pk=key_id).first()
    if key is None:
        return False
    before = {"name": key.name, "fingerprint": key.fingerprint}
    key.delete()
    recording.record(actor, Action.USER_SSH_KEY_REMOVE, _target(user), before=before)
    return True


def _blob(kind: str, encoded: str) -> bytes:
    try:
        blob = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise SshKeyRefusedError(Fault.MALFORMED) from None
    # The type stands in the key once more (RFC 4253, 6.6); both must say the same.
    length = int.from_bytes(blob[:4])
    if len(blob) <= 4 + length or blob[4 : 4 + length] != kind.encode():
        raise SshKeyRefusedError(Fault.MALFORMED)
    return blob


def _is_weak(kind: str, encoded: str) -> bool:
    if kind.startswith("sk-"):
        return False  # a kind that not every version of the library reads
    try:
        key = load_ssh_public_key(f"{kind} {encoded}".encode())
    except (ValueError, UnsupportedAlgorithm):
        raise SshKeyRefusedError(Fault.MALFORMED) from None
    return isinstance(key, RSAPublicKey) and key.key_size < SHORTEST_RSA


def _target(user: User) -> Target:
    return Target("user", user.pk, user.email)
