"""How passwords are hashed: Argon2id, by the library that seals secrets here as well."""

from __future__ import annotations

import secrets
from base64 import b64decode
from typing import Any, Final

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from django.contrib.auth.hashers import BasePasswordHasher, mask_hash, must_update_salt

MEMORY: Final = 19456
"""KiB; with `PASSES` and `LANES` OWASP's recommendation of 2024 for Argon2id, about 25 ms."""
PASSES: Final = 2
LANES: Final = 1
SALT_BYTES: Final = 16
HASH_BYTES: Final = 32


class Argon2idHasher(BasePasswordHasher):
    """Argon2id (RFC 9106), stored as Django's own hasher does: `argon2` and the PHC string.

    So OpenLDAP checks the same string, and argon2-cffi can take over. A hash of other parameters,
    or of an older kind, is upgraded when its owner signs in.
    """

    algorithm = "argon2"

    def salt(self) -> str:
        """Random text of 128 bits and more."""
        return secrets.token_hex(SALT_BYTES)

    def encode(self, password: str, salt: str) -> str:
        """The password's hash with this salt."""
        phc = self._kdf(salt.encode()).derive_phc_encoded(password.encode())
        return f"{self.algorithm}${phc.removeprefix('$')}"

    def verify(self, password: str, encoded: str) -> bool:
        """Whether it is this password's hash, whatever its parameters."""
        try:
            Argon2id.verify_phc_encoded(password.encode(), _phc(encoded))
        except (InvalidKey, ValueError):
            return False
        return True

    def decode(self, encoded: str) -> dict[str, Any]:
        """The parts of a hash, as Django's own hasher names them."""
        _, variety, version, parameters, salt, hashed = encoded.split("$", 5)
        numbers = dict(part.split("=", 1) for part in parameters.split(","))
        return {
            "algorithm": self.algorithm,
            "variety": variety,
            "version": int(version.removeprefix("v=")),
            "memory_cost": int(numbers["m"]),
            "time_cost": int(numbers["t"]),
            "parallelism": int(numbers["p"]),
            "salt": b64decode(salt + "=" * (-len(salt) % 4)).decode("latin-1"),
            "hash": hashed,
        }

    def must_update(self, encoded: str) -> bool:
        """Whether it was made with other parameters than today's."""
        parts = self.decode(encoded)
        made_with = (parts["memory_cost"], parts["time_cost"], parts["parallelism"])
        weak_salt = must_update_salt(parts["salt"], self.salt_entropy)
        return made_with != (MEMORY, PASSES, LANES) or weak_salt

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing: a hash of other parameters takes another time, as with Django's own."""

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        """What may be shown of a hash."""
        parts = self.decode(encoded)
        return {**parts, "salt": mask_hash(parts["salt"]), "hash": mask_hash(parts["hash"])}

    def _kdf(self, salt: bytes) -> Argon2id:
        return Argon2id(
            salt=salt, length=HASH_BYTES, iterations=PASSES, lanes=LANES, memory_cost=MEMORY
        )


def _phc(encoded: str) -> str:
    return "$" + encoded.partition("$")[2]
