"""A signature is believed only where the application made it, over the whole message."""

from __future__ import annotations

import copy

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1
from lxml import etree

from rollcall.access.saml.configuration import certificate_of
from rollcall.access.saml.messages import bindings, signatures
from rollcall.access.saml.messages.building import as_bytes, child, message
from rollcall.access.saml.messages.names import ds, saml, samlp
from rollcall.access.saml.messages.parsing import message as parsed
from rollcall.access.saml.messages.signatures import Signer, Unsigned
from tests.access.saml.service_provider import RSA_SHA256, sp_certificate


@pytest.fixture
def signer(keys: list[rsa.RSAPrivateKey]) -> Signer:
    return Signer(keys[0], sp_certificate(keys[0]))


@pytest.fixture
def signed(signer: Signer) -> etree._Element:
    from django.utils import timezone

    root = message(samlp("LogoutRequest"), "https://app.example.com", timezone.now())
    child(root, saml("NameID"), "lena@example.com")
    made = signatures.signed(root, "rsa-sha256", signer)
    return parsed(as_bytes(made))


def believed(root: etree._Element, signer: Signer) -> etree._Element:
    return signatures.verified(root, certificate_of(signer.certificate))


@pytest.mark.parametrize("algorithm", list(signatures.METHODS))
def test_what_was_signed_is_believed(signer: Signer, algorithm: str) -> None:
    from django.utils import timezone

    root = message(samlp("LogoutRequest"), "https://app.example.com", timezone.now())
    made = signatures.signed(root, algorithm, signer)
    seen = believed(parsed(as_bytes(made)), signer)
    assert seen.get("ID") == root.get("ID")


def test_what_was_changed_is_not(signed: etree._Element, signer: Signer) -> None:
    found = signed.find(saml("NameID"))
    assert found is not None
    found.text = "boss@example.com"
    with pytest.raises(Unsigned):
        believed(signed, signer)


def test_what_somebody_else_signed_is_not(
    signed: etree._Element, keys: list[rsa.RSAPrivateKey]
) -> None:
    with pytest.raises(Unsigned):
        believed(signed, Signer(keys[1], sp_certificate(keys[1])))


def test_what_nobody_signed_is_not(signed: etree._Element, signer: Signer) -> None:
    signature = signed.find(ds("Signature"))
    assert signature is not None
    signed.remove(signature)
    with pytest.raises(Unsigned):
        believed(signed, signer)


def wrapped_around(signed: etree._Element) -> etree._Element:
    """The forged message holds the signed one, whose signature it shows."""
    forged = copy.deepcopy(signed)
    forged.set("ID", "_forged")
    signature = forged.find(ds("Signature"))
    assert signature is not None
    inner = copy.deepcopy(signed)
    own = inner.find(ds("Signature"))
    assert own is not None
    inner.remove(own)
    child(signature, ds("Object")).append(inner)
    return forged


def wrapped_beside(signed: etree._Element) -> etree._Element:
    """The signed message is a child of the forged one, and its signature too."""
    forged = copy.deepcopy(signed)
    forged.set("ID", "_forged")
    signature = forged.find(ds("Signature"))
    assert signature is not None
    forged.remove(signature)
    child(forged, samlp("Extensions")).append(copy.deepcopy(signed))
    return forged


def twice_of_one_id(signed: etree._Element) -> etree._Element:
    """Two elements have the ID that is signed."""
    forged = wrapped_around(signed)
    forged.set("ID", str(signed.get("ID")))
    return forged


def of_two_signatures(signed: etree._Element) -> etree._Element:
    forged = copy.deepcopy(signed)
    signature = forged.find(ds("Signature"))
    forged.append(copy.deepcopy(signature))
    return forged


def over_nothing_named(signed: etree._Element) -> etree._Element:
    forged = copy.deepcopy(signed)
    for reference in forged.iter(ds("Reference")):
        reference.set("URI", "")
    return forged


def through_another_transform(signed: etree._Element) -> etree._Element:
    forged = copy.deepcopy(signed)
    transforms = next(forged.iter(ds("Transforms")))
    child(transforms, ds("Transform"), Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116")
    return forged


@pytest.mark.parametrize(
    "forge",
    [
        wrapped_around,
        wrapped_beside,
        twice_of_one_id,
        of_two_signatures,
        over_nothing_named,
        through_another_transform,
    ],
)
def test_a_signature_that_is_wrapped_is_worth_nothing(
    forge: object, signed: etree._Element, signer: Signer
) -> None:
    with pytest.raises(Unsigned):
        believed(forge(signed), signer)  # type: ignore[operator]


def test_sha1_is_not_believed_in_an_address(keys: list[rsa.RSAPrivateKey]) -> None:
    import base64
    from urllib.parse import quote

    algorithm = quote("http://www.w3.org/2000/09/xmldsig#rsa-sha1", safe="")
    text = f"SAMLRequest=abc&SigAlg={algorithm}"
    made = keys[0].sign(text.encode(), PKCS1v15(), SHA1())  # noqa: S303
    signature = base64.b64encode(made).decode()
    query = f"{text}&Signature={quote(signature, safe='')}"
    assert not bindings.is_signed_by(query, "SAMLRequest", keys[0].public_key())


def test_a_signature_of_an_address_covers_all_of_it(keys: list[rsa.RSAPrivateKey]) -> None:
    query = bindings.signed_query("SAMLRequest", "a+b/c=", "a state", RSA_SHA256, keys[0])
    public = keys[0].public_key()
    assert bindings.is_signed_by(query, "SAMLRequest", public)
    assert not bindings.is_signed_by(query, "SAMLRequest", keys[1].public_key())
    for changed in (
        query.replace("a%20state", "another"),
        query.replace("SAMLRequest=a", "SAMLRequest=b"),
        query.partition("&Signature")[0],
    ):
        assert not bindings.is_signed_by(changed, "SAMLRequest", public)
    # It is the letters as they came that count: some applications quote in lower case.
    assert not bindings.is_signed_by(query.replace("%2B", "%2b"), "SAMLRequest", public)
