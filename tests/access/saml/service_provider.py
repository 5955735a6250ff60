"""A service provider as SAML has it, and a person's browser: both call Rollcall."""

from __future__ import annotations

import base64
import html
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from django.http import HttpResponse
from django.test import Client as Browser
from django.utils import timezone
from lxml import etree

from rollcall.access.saml import connections
from rollcall.access.saml.configuration import Configuration
from rollcall.access.saml.messages.bindings import packed, signed_query
from rollcall.access.saml.messages.building import as_bytes, child, instant, message
from rollcall.access.saml.messages.names import samlp
from rollcall.access.saml.messages.signatures import Signer, signed, verified
from rollcall.access.saml.models import Connection
from rollcall.accounts.models import Account
from rollcall.directory import services
from rollcall.directory.models import UserGroup
from tests.access.oidc.relying_party import PASSWORD
from tests.actors import TESTER

ENTITY_ID = "https://app.example.com/saml"
ACS = "https://app.example.com/saml/acs"
OTHER_ACS = "https://app.example.com/saml/acs2"
SLO = "https://app.example.com/saml/slo"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
NS = {
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
}


def configuration(**changes: Any) -> Configuration:
    """What is set of an ordinary application."""
    values = {"sp_entity_id": ENTITY_ID, "acs_urls": (ACS, OTHER_ACS), "slo_url": SLO, **changes}
    return Configuration(**values)


@dataclass
class Answered:
    """What the browser carries to the application, as the application reads it."""

    address: str
    root: etree._Element
    relay_state: str

    def text(self, path: str) -> str:
        """The text of the first element at this path, "" where there is none."""
        return str(self.root.findtext(path, "", NS))

    @property
    def name_id(self) -> str:
        """The name of the person."""
        return self.text(".//saml:NameID")

    @property
    def codes(self) -> list[str]:
        """The status, the widest code first, without what all have in common."""
        found = self.root.iterfind(".//samlp:StatusCode", NS)
        return [str(code.get("Value")).rpartition(":")[2] for code in found]

    @property
    def attributes(self) -> dict[str, list[str]]:
        """The attributes by name."""
        return {
            str(attribute.get("Name")): [str(value.text) for value in attribute]
            for attribute in self.root.iterfind(".//saml:Attribute", NS)
        }


@dataclass
class ServiceProvider:
    """An application that signs people on, with a browser in which a person sits."""

    connection: Connection
    key: rsa.RSAPrivateKey
    browser: Browser = field(default_factory=Browser)

    @classmethod
    def bound_to(
        cls, group: UserGroup, key: rsa.RSAPrivateKey, label: str = "Wiki", **changes: Any
    ) -> ServiceProvider:
        """A newly registered one, open to the members of the group."""
        made = connections.create_application(TESTER, label, configuration(**changes))
        services.bind(TESTER, made.application, [group])
        return cls(made, key)

    def set(self, **changes: Any) -> None:
        """Change what is set of it."""
        values = {
            name: getattr(self.connection.configuration, name)
            for name in Configuration.__dataclass_fields__
        }
        changed = Configuration(**{**values, **changes})
        self.connection = connections.change(TESTER, self.connection, changed)

    @property
    def address(self) -> str:
        """Where it sends people."""
        return f"/saml2/{self.connection.path}"

    @property
    def certificate(self) -> x509.Certificate:
        """What Rollcall signs with, as the metadata say."""
        row = self.connection.certificates.exclude(signs_from=None).latest("signs_from")
        return x509.load_pem_x509_certificate(row.certificate.encode())

    def request(self, issuer: str = ENTITY_ID, **attributes: str) -> etree._Element:
        """An AuthnRequest; its last children may be added."""
        own = f"http://testserver{self.address}"
        return message(
            samlp("AuthnRequest"), issuer, timezone.now(), **{"Destination": own, **attributes}
        )

    def query(self, request: etree._Element, relay_state: str = "", *, sign: bool = False) -> str:
        """The query of the Redirect binding."""
        text = packed(as_bytes(request))
        if sign:
            return signed_query("SAMLRequest", text, relay_state, RSA_SHA256, self.key)
        state = f"&RelayState={quote(relay_state)}" if relay_state else ""
        return f"SAMLRequest={quote(text, safe='')}{state}"

    def send(
        self, request: etree._Element | None = None, relay_state: str = "", *, sign: bool = False
    ) -> HttpResponse:
        """The browser is sent to Rollcall with a request, an ordinary one by default."""
        asked = self.request() if request is None else request
        query = self.query(asked, relay_state, sign=sign)
        answer: Any = self.browser.get(f"{self.address}?{query}")
        return answer  # type: ignore[no-any-return]

    def post(self, request: etree._Element, relay_state: str = "") -> HttpResponse:
        """The same by a form, signed within where the request is."""
        form = {
            "SAMLRequest": base64.b64encode(as_bytes(request)).decode(),
            "RelayState": relay_state,
        }
        answer: Any = Browser().post(self.address, form)
        if answer.status_code != 302:
            return answer  # type: ignore[no-any-return]
        return self.browser.get(answer["Location"])  # type: ignore[return-value]

    def signed(self, request: etree._Element) -> etree._Element:
        """The request with its own signature in it."""
        return signed(request, "rsa-sha256", Signer(self.key, sp_certificate(self.key)))

    def signed_in(self, account: Account) -> ServiceProvider:
        """The person has signed in at Rollcall before."""
        form = {"login": account.email, "password": PASSWORD}
        assert self.browser.post("/account/sign-in/", form).status_code == 302
        return self

    def answered(self, page: HttpResponse) -> Answered:
        """What the page's form carries; its signature is the certificate's of the metadata."""
        assert page.status_code == 200, page.content
        text = page.content.decode()
        action = re.search(r'action="([^"]+)" id="saml-answer"', text)
        assert action, text
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
        content = base64.b64decode(html.unescape(fields["SAMLResponse"]))
        root = etree.fromstring(content)
        if self.connection.sign_response or root.find("saml:Assertion", NS) is None:
            root = _believed(root, self.certificate)
        address = html.unescape(action[1])
        return Answered(address, root, html.unescape(fields.get("RelayState", "")))


def _believed(root: etree._Element, certificate: x509.Certificate) -> etree._Element:
    """The response, whose own signature holds (that of its assertion beside it)."""
    assertion = root.find("saml:Assertion", NS)
    if assertion is None:
        return verified(root, certificate)
    from signxml.verifier import SignatureConfiguration, XMLVerifier

    result = XMLVerifier().verify(
        etree.tostring(root),
        x509_cert=certificate,
        id_attribute="ID",
        expect_config=SignatureConfiguration(location="./"),
    )
    assert not isinstance(result, list)
    assert result.signed_xml is not None
    return result.signed_xml


def sp_certificate(key: rsa.RSAPrivateKey) -> str:
    """A certificate for this key (PEM)."""
    from datetime import timedelta

    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509.oid import NameOID

    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "app.example.com")])
    now = timezone.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        # Over already: what an application signs with is pinned, and often older than it says.
        .not_valid_after(now - timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM).decode()


def policy(request: etree._Element, format_: str) -> etree._Element:
    """The request, which wants a name of this format."""
    child(request, samlp("NameIDPolicy"), Format=format_)
    return request


def logout_request(name_id: str, index: str = "", issuer: str = ENTITY_ID) -> etree._Element:
    """A LogoutRequest of an application."""
    root = message(samlp("LogoutRequest"), issuer, timezone.now())
    child(root, f"{{{NS['saml']}}}NameID", name_id)
    if index:
        child(root, samlp("SessionIndex"), index)
    return root


def later(minutes: int) -> str:
    """A moment so many minutes from now, as messages have it."""
    from datetime import timedelta

    return instant(timezone.now() + timedelta(minutes=minutes))
