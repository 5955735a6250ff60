"""How messages travel: packed into an address (SAML Bindings, 3.4) or into a form (3.5)."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote, unquote_plus

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from rollcall.access.saml.messages.parsing import MOST_BYTES, Unreadable

LONGEST_RELAY_STATE: Final = 2048
"""Characters. The standard says 80 bytes, to which nobody keeps (SAML Bindings, 3.4.3)."""

HASHES: Final[Mapping[str, Callable[[], hashes.HashAlgorithm]]] = {
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256": hashes.SHA256,
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384": hashes.SHA384,
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512": hashes.SHA512,
}
"""By the algorithm's name; SHA-1 is not among them."""


def packed(content: bytes) -> str:
    """A message as it stands in an address, not yet quoted."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.b64encode(squeezer.compress(content) + squeezer.flush()).decode()


def unpacked(text: str) -> bytes:
    """The message of an address.

    Raises:
        Unreadable: it is none, or longer than a message may be once it is unpacked.
    """
    squeezed = _decoded(text)
    opener = zlib.decompressobj(-15)
    try:
        content = opener.decompress(squeezed, MOST_BYTES + 1)
    except zlib.error:
        raise Unreadable("it is not packed as an address has it") from None
    if len(content) > MOST_BYTES or not opener.eof or opener.unused_data:
        raise Unreadable(f"it is longer than {MOST_BYTES:,} bytes, or cut off")
    return content


def from_form(text: str) -> bytes:
    """The message of a form.

    Raises:
        Unreadable: it is none, or too long.
    """
    return _decoded("".join(text.split()))


def signed_query(
    name: str, message: str, relay_state: str, algorithm: str, key: rsa.RSAPrivateKey
) -> str:
    """The query of an address with a message of ours, signed (SAML Bindings, 3.4.4.1)."""
    parts = [f"{name}={quote(message, safe='')}"]
    if relay_state:
        parts.append(f"RelayState={quote(relay_state, safe='')}")
    parts.append(f"SigAlg={quote(algorithm, safe='')}")
    signed = "&".join(parts)
    signature = key.sign(signed.encode(), PKCS1v15(), HASHES[algorithm]())
    return f"{signed}&Signature={quote(base64.b64encode(signature).decode(), safe='')}"


def is_signed_by(query: str, name: str, key: rsa.RSAPublicKey) -> bool:
    """Whether the message of this raw query is signed by the holder of this key.

    The signature is over the letters as they came: what is quoted anew may be quoted otherwise.
    """
    parts = _parts(query)
    signed = [part for part in (name, "RelayState", "SigAlg") if part in parts]
    algorithm = HASHES.get(unquote_plus(parts.get("SigAlg", "")))
    if algorithm is None or name not in parts or "Signature" not in parts:
        return False
    try:
        signature = _decoded(unquote_plus(parts["Signature"]))
        text = "&".join(f"{part}={parts[part]}" for part in signed)
        key.verify(signature, text.encode(), PKCS1v15(), algorithm())
    except (InvalidSignature, Unreadable, ValueError):
        return False
    return True


def _parts(query: str) -> dict[str, str]:
    """The raw values by name; of a name that is there twice none, since nobody knows which."""
    seen: dict[str, str] = {}
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if name in seen:
            raise Unreadable("a parameter is there more than once")
        seen[name] = value
    return seen


def _decoded(text: str) -> bytes:
    if len(text) > MOST_BYTES * 2:
        raise Unreadable("it is too long")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable("it is no base64") from None
