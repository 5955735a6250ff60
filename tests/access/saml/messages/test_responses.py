"""What an application is answered: all that it has to check, signed and encrypted as it is set."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

from rollcall.access.saml.configuration import certificate_of
from rollcall.access.saml.messages.metadata import Description, described
from rollcall.access.saml.messages.names import XENC, md
from rollcall.access.saml.messages.responses import Answer, Sealing, Subject, failure, success
from rollcall.access.saml.messages.signatures import Signer
from tests.access.saml.service_provider import ACS, NS, sp_certificate

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
ANSWER = Answer("https://idp", "https://sp", ACS, "_request", NOW)
SUBJECT = Subject(
    name_id="lena@example.com",
    name_id_format="urn:email",
    session_index="_index",
    authenticated=NOW - timedelta(minutes=5),
    authn_context="urn:password",
    session_until=NOW + timedelta(hours=8),
    attributes={"memberOf": ["Engineering"], "name": "Lena <b> & \x0bBrandt", "none": []},
)


@pytest.fixture
def signer(keys: list[rsa.RSAPrivateKey]) -> Signer:
    return Signer(keys[0], sp_certificate(keys[0]))


def made(signer: Signer, **changes: object) -> etree._Element:
    values = {"sign_response": True, "sign_assertion": True, **changes}
    sealing = Sealing(signer, "rsa-sha256", **values)  # type: ignore[arg-type]
    return etree.fromstring(success(ANSWER, SUBJECT, timedelta(minutes=5), sealing))


def test_an_assertion_says_for_whom_how_long_and_in_answer_to_what(signer: Signer) -> None:
    root = made(signer)
    assertion = root.find("saml:Assertion", NS)
    assert assertion is not None
    data = assertion.find(".//saml:SubjectConfirmationData", NS)
    conditions = assertion.find("saml:Conditions", NS)
    assert data is not None
    assert conditions is not None
    assert dict(data.attrib) == {
        "Recipient": ACS,
        "InResponseTo": "_request",
        "NotOnOrAfter": "2026-11-27T10:05:00Z",
    }
    assert dict(conditions.attrib) == {
        "NotBefore": "2026-11-27T09:59:00Z",
        "NotOnOrAfter": "2026-11-27T10:05:00Z",
    }
    assert assertion.findtext(".//saml:Audience", "", NS) == "https://sp"
    statement = assertion.find("saml:AuthnStatement", NS)
    assert statement is not None
    assert statement.get("SessionIndex") == "_index"
    assert statement.get("SessionNotOnOrAfter") == "2026-11-27T18:00:00Z"
    assert (root.get("Destination"), root.get("InResponseTo")) == (ACS, "_request")


def test_what_is_told_cannot_break_out_of_its_place(signer: Signer) -> None:
    root = made(signer)
    values = [value.text for value in root.iterfind(".//saml:AttributeValue", NS)]
    assert values == ["Engineering", "Lena <b> & Brandt"]


@pytest.mark.parametrize(("response", "assertion"), [(True, True), (True, False), (False, True)])
def test_what_is_set_is_signed(signer: Signer, response: bool, assertion: bool) -> None:
    root = made(signer, sign_response=response, sign_assertion=assertion)
    parents = {
        element.getparent().tag.rpartition("}")[2]
        for element in root.iter("{http://www.w3.org/2000/09/xmldsig#}Signature")
    }
    expected = {"Response": response, "Assertion": assertion}
    assert parents == {name for name, is_signed in expected.items() if is_signed}


def test_an_encrypted_assertion_is_for_its_application_only(
    signer: Signer, keys: list[rsa.RSAPrivateKey]
) -> None:
    certificate = certificate_of(sp_certificate(keys[1]))
    root = made(signer, encrypt_for=certificate)
    assert b"lena@example.com" not in etree.tostring(root)
    wrapped, content = [
        base64.b64decode(str(value.text)) for value in root.iter(f"{{{XENC}}}CipherValue")
    ]
    oaep = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303
    key = keys[1].decrypt(wrapped, oaep)
    opened = etree.fromstring(AESGCM(key).decrypt(content[:12], content[12:], None))
    assert opened.findtext(".//saml:NameID", "", NS) == "lena@example.com"


def test_a_failure_is_signed_and_names_nobody(signer: Signer) -> None:
    sealing = Sealing(signer, "rsa-sha256", sign_response=False, sign_assertion=True)
    content = failure(ANSWER, ("urn:outer", "urn:inner"), "why", sealing)
    root = etree.fromstring(content)
    codes = [code.get("Value") for code in root.iterfind(".//samlp:StatusCode", NS)]
    assert codes == ["urn:outer", "urn:inner"]
    assert root.find("saml:Assertion", NS) is None
    assert root.find("{http://www.w3.org/2000/09/xmldsig#}Signature") is not None


def test_the_metadata_name_addresses_and_certificates(signer: Signer) -> None:
    description = Description(
        entity_id="https://idp",
        sso_url="https://idp/sso",
        sign_out_url="https://idp/out",
        certificates=[signer.certificate, signer.certificate],
        name_id_format="urn:email",
        wants_signed_requests=True,
        declares_redirect=False,
    )
    root = etree.fromstring(described(description))
    role = root.find(md("IDPSSODescriptor"))
    assert role is not None
    assert role.get("WantAuthnRequestsSigned") == "true"
    assert len(role.findall(md("KeyDescriptor"))) == 2
    bindings = [str(e.get("Binding")) for e in role.findall(md("SingleSignOnService"))]
    assert [binding.rpartition(":")[2] for binding in bindings] == ["HTTP-POST"]
