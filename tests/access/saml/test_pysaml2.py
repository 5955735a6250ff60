"""pysaml2 as a service provider believes what it is answered, and nothing that was changed.

It needs the program xmlsec1; without it these tests are skipped, and fail under CI.
"""

from __future__ import annotations

import base64
import shutil
from pathlib import Path
from typing import Any

import pytest
import saml2
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from rollcall.access.attribute_mapping import ClaimRule, Kind
from rollcall.access.saml import connections
from rollcall.accounts.models import Account
from tests.access.saml.service_provider import ACS, ENTITY_ID, SLO, ServiceProvider, sp_certificate
from tests.actors import TESTER
from tests.vendor_contracts import missing

XMLSEC = shutil.which("xmlsec1")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _xmlsec() -> None:
    """The program with which pysaml2 verifies."""
    if XMLSEC is None:
        missing("xmlsec1 is not on this machine (apt-get install xmlsec1)")


@pytest.fixture
def sp(signed_in: ServiceProvider, tmp_path: Path, lena: Account) -> Any:
    """pysaml2, which knows us by our metadata, as we know it by its own."""
    from saml2.client import Saml2Client
    from saml2.config import SPConfig
    from saml2.metadata import entity_descriptor

    key, certificate = files(signed_in.key, tmp_path)
    signed_in.set(attributes=(ClaimRule("memberOf", Kind.GROUPS),))
    metadata = tmp_path / "idp.xml"
    # The test's host is what the metadata name.
    metadata.write_bytes(signed_in.browser.get(f"{signed_in.address}/metadata").content)
    config = SPConfig()
    config.load(
        {
            "entityid": ENTITY_ID,
            "xmlsec_binary": XMLSEC,
            "key_file": key,
            "cert_file": certificate,
            "encryption_keypairs": [{"key_file": key, "cert_file": certificate}],
            "metadata": {"local": [str(metadata)]},
            "allow_unknown_attributes": True,
            "service": {
                "sp": {
                    "endpoints": {
                        "assertion_consumer_service": [(ACS, saml2.BINDING_HTTP_POST)],
                        "single_logout_service": [(SLO, saml2.BINDING_HTTP_REDIRECT)],
                    },
                    "authn_requests_signed": True,
                    "want_response_signed": True,
                    "want_assertions_signed": True,
                    "allow_unsolicited": False,
                }
            },
        }
    )
    described = str(entity_descriptor(config)).encode()
    signed_in.connection = connections.upload_metadata(TESTER, signed_in.connection, described)
    assert signed_in.connection.signed_requests
    return Saml2Client(config=config)


def files(key: rsa.RSAPrivateKey, folder: Path) -> tuple[str, str]:
    """The paths of its key and certificate."""
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    (folder / "sp.key").write_bytes(pem)
    (folder / "sp.pem").write_text(sp_certificate(key))
    return str(folder / "sp.key"), str(folder / "sp.pem")


def answer_to(sp: Any, wiki: ServiceProvider, binding: str) -> tuple[str, str]:
    """What the browser brings, base64, and the request that it answers."""
    from urllib.parse import urlsplit

    request_id, info = sp.prepare_for_authenticate(
        relay_state="back", binding=binding, sigalg=_SHA256, digest_alg=_DIGEST, sign=True
    )
    if binding == saml2.BINDING_HTTP_REDIRECT:
        address = urlsplit(dict(info["headers"])["Location"])
        page = wiki.browser.get(f"{address.path}?{address.query}")
    else:
        import html
        import re

        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', "".join(info["data"])))
        form = {name: html.unescape(value) for name, value in fields.items()}
        way = wiki.browser.post(wiki.address, form)
        page = wiki.browser.get(way["Location"])
    answer = wiki_form(page)
    assert answer["RelayState"] == "back"
    return answer["SAMLResponse"], request_id


# Its own defaults are of SHA-1, which is refused here.
_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
_DIGEST = "http://www.w3.org/2001/04/xmlenc#sha256"


def wiki_form(page: Any) -> dict[str, str]:
    """The fields of the form that goes on to the application."""
    import html
    import re

    assert page.status_code == 200, page.content
    text = page.content.decode()
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text)
    return {name: html.unescape(value) for name, value in fields}


def test_pysaml2_signs_somebody_on(sp: Any, signed_in: ServiceProvider, lena: Account) -> None:
    for binding in (saml2.BINDING_HTTP_REDIRECT, saml2.BINDING_HTTP_POST):
        text, request_id = answer_to(sp, signed_in, binding)
        response = sp.parse_authn_request_response(
            text, saml2.BINDING_HTTP_POST, outstanding={request_id: "/"}
        )
        assert response.get_subject().text == lena.email
        assert response.ava["memberOf"] == ["Engineering"]
        assert b"EncryptedAssertion" in base64.b64decode(text)


def test_pysaml2_refuses_what_was_changed_or_not_asked_for(
    sp: Any, signed_in: ServiceProvider
) -> None:
    text, request_id = answer_to(sp, signed_in, saml2.BINDING_HTTP_REDIRECT)
    changed = base64.b64decode(text).replace(b"Engineering", b"Management")
    changed = changed.replace(b"Success", b"Sucless")
    for given, outstanding in (
        (base64.b64encode(changed).decode(), {request_id: "/"}),
        (text, {"_another": "/"}),
    ):
        with pytest.raises(Exception):  # noqa: B017, PT011 - it raises many kinds
            sp.parse_authn_request_response(given, saml2.BINDING_HTTP_POST, outstanding=outstanding)
