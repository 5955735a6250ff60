"""What may be set of an application, field by field, and what its metadata set."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from rollcall.access.attribute_mapping import ClaimRule, Kind
from rollcall.access.saml.configuration import refusals
from rollcall.access.saml.messages.parsing import Unreadable
from rollcall.access.saml.messages.sp_metadata import merged
from tests.access.saml.service_provider import configuration, sp_certificate


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"sp_entity_id": ""}, [("sp_entity_id", "required")]),
        ({"sp_entity_id": "a b"}, [("sp_entity_id", "malformed")]),
        ({"acs_urls": ()}, [("acs_urls", "required")]),
        ({"acs_urls": ("http://app.example.com/acs",)}, [("acs_urls", "address_malformed")]),
        ({"acs_urls": ("javascript:alert(1)",)}, [("acs_urls", "address_malformed")]),
        ({"acs_urls": ("https://a.example.com;evil/",)}, [("acs_urls", "address_malformed")]),
        ({"login_url": "//evil"}, [("login_url", "address_malformed")]),
        ({"slo_soap_url": "file:///etc/passwd"}, [("slo_soap_url", "address_malformed")]),
        ({"signature_algorithm": "rsa-sha1"}, [("signature_algorithm", "malformed")]),
        ({"name_id_attribute": "password"}, [("name_id_attribute", "malformed")]),
        ({"name_id_format": "urn:x"}, [("name_id_format", "malformed")]),
        ({"sign_response": False, "sign_assertion": False}, [("sign_response", "required")]),
        ({"signed_requests": True}, [("sp_certificate", "required")]),
        ({"sp_certificate": "no certificate"}, [("sp_certificate", "malformed")]),
        ({"encryption_certificate": "AAAA"}, [("encryption_certificate", "malformed")]),
        ({"assertion_seconds": 1}, [("assertion_seconds", "out_of_range")]),
        ({"session_seconds": 10**9}, [("session_seconds", "out_of_range")]),
        ({"attributes": (ClaimRule("", Kind.GROUPS),)}, [("attributes", "required")]),
    ],
)
def test_what_cannot_be_set_is_named(changes: dict[str, Any], wrong: list[Any]) -> None:
    found = refusals(configuration(**changes))
    assert [(refusal.field, refusal.code) for refusal in found] == wrong
    assert all(refusal.text() for refusal in found)


def test_a_certificate_is_taken_as_pem_and_bare(keys: list[rsa.RSAPrivateKey]) -> None:
    pem = sp_certificate(keys[0])
    bare = "".join(pem.splitlines()[1:-1])
    for text in (pem, bare, "\n  ".join(pem.splitlines()[1:-1])):
        assert refusals(configuration(sp_certificate=text, signed_requests=True)) == []


def test_a_weak_key_is_not_taken() -> None:
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505
    [refusal] = refusals(configuration(sp_certificate=sp_certificate(weak)))
    assert refusal.field == "sp_certificate"


METADATA = """<?xml version="1.0"?>
<!-- made by the application -->
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"
    xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="https://sp.example.com">
  <md:SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="true"
      protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>SIGNING
      </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
    <md:KeyDescriptor use="encryption"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>OPENING
      </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
    <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP"
      Location="https://sp.example.com/soap"/>
    <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
      Location="https://sp.example.com/out"/>
    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>
    <md:AssertionConsumerService index="0" Location="https://sp.example.com/artifact"
      Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"/>
    <md:AssertionConsumerService index="1" Location="https://sp.example.com/acs1"
      Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"/>
    <md:AssertionConsumerService index="2" Location="https://sp.example.com/acs2" isDefault="true"
      Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"/>
  </md:SPSSODescriptor>
</md:EntityDescriptor>"""


def test_metadata_set_what_they_say_and_leave_the_rest() -> None:
    before = configuration(default_relay_state="/start", name_id_attribute="username")
    set_ = merged(before, METADATA.encode())
    assert set_.sp_entity_id == "https://sp.example.com"
    assert set_.acs_urls == ("https://sp.example.com/acs2", "https://sp.example.com/acs1")
    assert (set_.sp_certificate, set_.encryption_certificate) == ("SIGNING", "OPENING")
    assert set_.signed_requests
    assert set_.slo_soap_url == "https://sp.example.com/soap"
    assert set_.slo_url == "https://sp.example.com/out"
    assert set_.name_id_format.endswith("persistent")
    assert (set_.default_relay_state, set_.name_id_attribute) == ("/start", "username")


@pytest.mark.parametrize(
    "content",
    [
        b"<html/>",
        METADATA.replace("SPSSODescriptor", "IDPSSODescriptor").encode(),
        METADATA.replace("HTTP-POST", "HTTP-Artifact").encode(),
        METADATA.replace("<!--", '<!DOCTYPE x [<!ENTITY a "b">]><!--').encode(),
    ],
)
def test_what_are_no_metadata_of_an_application_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        merged(None, content)
