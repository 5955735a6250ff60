"""Signatures in messages: ours are made, an application's believed only where they cover it all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from signxml.algorithms import (
    CanonicalizationMethod,
    DigestAlgorithm,
    SignatureMethod,
)
from signxml.exceptions import InvalidInput, InvalidSignature
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, XMLVerifier

from rollcall.access.saml.messages.names import DS, ds

METHODS: Final = {
    "rsa-sha256": (SignatureMethod.RSA_SHA256, DigestAlgorithm.SHA256),
    "rsa-sha384": (SignatureMethod.RSA_SHA384, DigestAlgorithm.SHA384),
    "rsa-sha512": (SignatureMethod.RSA_SHA512, DigestAlgorithm.SHA512),
}
"""By our word for the algorithm (`configuration.SignatureAlgorithm`)."""

_EXCLUSIVE: Final = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
_TRANSFORMS: Final = frozenset(
    {
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
        _EXCLUSIVE.value,
    }
)
"""The only transforms of a signature in a message (SAML Core, 5.4.4), comments left out."""

_EXPECTED: Final = SignatureConfiguration(
    location="./",
    expect_references=1,
    signature_methods=frozenset(method for method, _ in METHODS.values()),
    digest_algorithms=frozenset(digest for _, digest in METHODS.values()),
)


class Unsigned(Exception):
    """The message is not signed by whom it has to be; the text says why."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that is ready to sign, and its certificate (PEM)."""

    key: rsa.RSAPrivateKey
    certificate: str


def signed(element: etree._Element, algorithm: str, signer: Signer) -> etree._Element:
    """The element with its signature behind its issuer (SAML Core, 5.4)."""
    placeholder = etree.Element(ds("Signature"), nsmap={"ds": DS})
    placeholder.set("Id", "placeholder")
    element.insert(1, placeholder)
    method, digest = METHODS[algorithm]
    signing = XMLSigner(
        signature_algorithm=method, digest_algorithm=digest, c14n_algorithm=_EXCLUSIVE
    )
    made: etree._Element = signing.sign(
        element,
        key=signer.key,
        cert=signer.certificate,
        reference_uri=f"#{element.get('ID')}",
        id_attribute="ID",
    )
    return made


class _PinnedKey(XMLVerifier):
    """Believes a key because an administrator has set it, whatever its certificate says.

    In SAML a certificate only carries a key (SAML Metadata Interoperability Profile, 2.6.1); those
    of applications are often over for years.
    """

    def _check_cert_validity(self, *given: object) -> None:
        """Not looked at."""


def verified(root: etree._Element, certificate: x509.Certificate) -> etree._Element:
    """The message as it was signed by the holder of this certificate: only this may be believed.

    Raises:
        Unsigned: it holds no signature, one of somebody else or of a weak kind, or one that is not
            over the whole message.
    """
    _hold_to_profile(root)
    try:
        result = _PinnedKey().verify(
            etree.tostring(root),
            x509_cert=certificate,
            id_attribute="ID",
            expect_config=_EXPECTED,
        )
    except (InvalidSignature, InvalidInput, ValueError, etree.LxmlError) as error:
        raise Unsigned(f"the signature does not hold ({type(error).__name__})") from None
    seen = None if isinstance(result, list) else result.signed_xml
    if seen is None or seen.tag != root.tag or seen.get("ID") != root.get("ID"):
        raise Unsigned("the signature is over something else")
    return seen


def _hold_to_profile(root: etree._Element) -> None:
    """What the standard of signatures allows and SAML does not is how messages are forged."""
    found = list(root.iter(ds("Signature")))
    if len(found) != 1 or found[0].getparent() is not root:
        raise Unsigned("it has to hold one signature, its own")
    ids = [value for element in root.iter() if (value := element.get("ID")) is not None]
    if len(ids) != len(set(ids)):
        raise Unsigned("two of its elements have one ID")
    references = list(found[0].iter(ds("Reference")))
    if len(references) != 1 or references[0].get("URI") != f"#{root.get('ID')}":
        raise Unsigned("its signature is not over the whole message")
    transforms = [element.get("Algorithm") for element in found[0].iter(ds("Transform"))]
    if not set(transforms) <= _TRANSFORMS or len(transforms) > len(_TRANSFORMS):
        raise Unsigned("its signature is over something made of it")
    if list(found[0].iter(ds("Object"))):
        raise Unsigned("its signature brings something along")
