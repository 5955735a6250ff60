"""A leaf of the chain: the salted digest of one event, packed beside its fellows in their seal."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import struct
from collections.abc import Collection, Iterable
from datetime import UTC
from typing import Any, Final, NamedTuple

COLUMNS: Final = (
    "timestamp",
    "service",
    "event_type",
    "action",
    "door",
    "actor_type",
    "actor_id",
    "actor_name",
    "client_ip",
    "success",
    "reason",
    "target_type",
    "target_id",
    "target_name",
    "changes",
    "details",
)
"""What an event's digest covers, besides its key (version 1 of `Seal.version`)."""

NO_SALT: Final = bytes(16)
# Big-endian wherever it is packed: a database moves between machines.
_LEAF: Final = struct.Struct(">q16s32s")
_KEY: Final = struct.Struct(">q")


class Leaf(NamedTuple):
    """The digest of the event with this key; without its salt, nobody can guess what it said."""

    key: int
    salt: bytes
    digest: bytes


def leaf_of(row: tuple[Any, ...]) -> Leaf:
    """A leaf with a new salt for an event: its key, and its values in the order of `COLUMNS`."""
    salt = os.urandom(len(NO_SALT))
    return Leaf(row[0], salt, digest_of(salt, row))


def digest_of(salt: bytes, row: tuple[Any, ...]) -> bytes:
    """The digest of an event as `leaf_of` takes it, with this salt."""
    key, at, *rest = row
    # JSON with sorted keys: the engines give the keys of an object back in orders of their own
    content = json.dumps([key, at.astimezone(UTC).isoformat(), *rest], sort_keys=True)
    # Without the salt no guess at the content can be tried, however few there may be.
    return hmac.digest(salt, content.encode(), "sha256")


def packed(leaves: Iterable[Leaf]) -> bytes:
    """The leaves one after another, 56 bytes each."""
    return b"".join(_LEAF.pack(*leaf) for leaf in leaves)


def unpacked(leaves: bytes) -> list[Leaf]:
    """The leaves that were packed.

    Raises:
        ValueError: these are no leaves.
    """
    if len(leaves) % _LEAF.size:
        raise ValueError("these are no leaves")
    return [Leaf(*values) for values in _LEAF.iter_unpack(leaves)]


def root_of(leaves: Iterable[Leaf]) -> bytes:
    """The digest over keys and digests; the salts are left out, since they get destroyed."""
    root = hashlib.sha256()
    for leaf in leaves:
        root.update(_KEY.pack(leaf.key) + leaf.digest)
    return root.digest()


def without_salts(leaves: bytes, keys: Collection[int]) -> bytes:
    """The packed leaves, those of these events without their salts."""
    return packed(
        leaf._replace(salt=NO_SALT) if leaf.key in keys else leaf for leaf in unpacked(leaves)
    )


def packed_keys(keys: Iterable[int]) -> bytes:
    """The keys of events one after another, 8 bytes each."""
    return b"".join(_KEY.pack(key) for key in keys)


def unpacked_keys(keys: bytes) -> list[int]:
    """The keys that were packed.

    Raises:
        ValueError: these are no keys.
    """
    if len(keys) % _KEY.size:
        raise ValueError("these are no keys")
    return [key for (key,) in _KEY.iter_unpack(keys)]
