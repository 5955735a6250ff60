"""Apache with mod_auth_mellon lets somebody in at a protected page, until they are suspended.

Debian: apache2, libapache2-mod-auth-mellon. Without them the test is skipped.
"""

from __future__ import annotations

import html
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pytest_django.fixtures import Settings

from rollcall.access.attribute_mapping import ClaimRule, Kind
from rollcall.access.saml import connections, telling
from rollcall.access.saml.messages import sp_metadata
from rollcall.access.saml.models import Connection
from rollcall.core.outgoing import addresses as outgoing
from rollcall.directory import services
from rollcall.directory.models import User, UserGroup
from tests.access.oidc.relying_party import person
from tests.access.oidc.test_apache import (
    APACHE,
    LOADED,
    MODULES,
    _answers,
    free_port,
    new_browser,
    sign_in,
)
from tests.access.saml.service_provider import configuration, sp_certificate
from tests.actors import TESTER
from tests.waiting import wait_until
from tests.web.browser import portal_server

__all__ = ["portal_server"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not (MODULES / "mod_auth_mellon.so").exists()
        or os.geteuid() != 0
        or not Path(APACHE).exists(),
        reason="needs apache2 and libapache2-mod-auth-mellon, and root to start it",
    ),
]

CONFIGURATION = """
ServerRoot {folder}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {folder}/pid
ErrorLog {folder}/error.log
User www-data
Group www-data
{modules}
DocumentRoot {folder}/site
MellonLockFile {folder}/mellon.lock
# SameSite=None, which it says by itself, browsers take over https only.
SetEnvIf Request_URI .* MELLON_DISABLE_SAMESITE=1
<Location />
  MellonEnable info
  MellonEndpointPath /mellon
  MellonSPPrivateKeyFile {folder}/sp.key
  MellonSPCertFile {folder}/sp.pem
  MellonSPMetadataFile {folder}/sp.xml
  MellonIdPMetadataFile {folder}/idp.xml
  MellonSecureCookie Off
  MellonUser NAME_ID
  MellonSignatureMethod rsa-sha256
</Location>
<Location /protected>
  MellonEnable auth
  {condition}
  AuthType Mellon
  Require valid-user
  Header always set X-Person "expr=%{{REMOTE_USER}}"
</Location>
"""
METADATA = """<?xml version="1.0"?>
<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"
    xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="{site}/mellon/metadata">
  <SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="true"
      protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data>
      <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>
    </KeyDescriptor>
    <KeyDescriptor use="encryption"><ds:KeyInfo><ds:X509Data>
      <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>
    </KeyDescriptor>
    <SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP"
      Location="{site}/mellon/logout"/>
    <SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
      Location="{site}/mellon/logout"/>
    <NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</NameIDFormat>
    <AssertionConsumerService index="0" isDefault="true" Location="{site}/mellon/postResponse"
      Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"/>
  </SPSSODescriptor>
</EntityDescriptor>"""


@pytest.fixture(autouse=True)
def _quick_passwords() -> None:
    """Not here: the server knows no other hashes than its own."""


def described(site: str, key: rsa.RSAPrivateKey, folder: Path) -> str:
    """The application's metadata; its key, certificate and metadata are put into the folder."""
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    certificate = sp_certificate(key)
    (folder / "sp.key").write_bytes(pem)
    (folder / "sp.pem").write_text(certificate)
    bare = "".join(certificate.splitlines()[1:-1])
    metadata = METADATA.format(site=site, certificate=bare)
    (folder / "sp.xml").write_text(metadata)
    return metadata


def registered(group: UserGroup, site: str, key: rsa.RSAPrivateKey, folder: Path) -> Connection:
    """The application, known by its metadata."""
    metadata = described(site, key, folder)
    told = configuration(slo_url="", attributes=(ClaimRule("memberOf", Kind.GROUPS),))
    known = sp_metadata.merged(told, metadata.encode())
    made = connections.create_application(TESTER, "Apache", known, path="apache")
    services.bind(TESTER, made.application, [group])
    return made


@contextmanager
def apache(folder: Path, port: int, condition: str = "") -> Iterator[str]:
    """Apache on this port, asking for the condition as well; the address of its protected page."""
    (folder / "site" / "protected").mkdir(parents=True)
    (folder / "site" / "protected" / "index.html").write_text("inside")
    names = [name for name in LOADED if name != "auth_openidc"]
    names += ["auth_mellon", "setenvif"]
    modules = "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in names)
    (folder / "mime.types").touch()
    text = CONFIGURATION.format(
        folder=folder,
        port=port,
        condition=condition,
        modules=f"{modules}\nTypesConfig {folder}/mime.types",
    )
    (folder / "apache.conf").write_text(text)
    for file in folder.iterdir():
        file.chmod(0o755 if file.is_dir() else 0o644)
    process = subprocess.Popen([APACHE, "-X", "-f", str(folder / "apache.conf")])
    try:
        wait_until(lambda: _answers(port))
        yield f"http://127.0.0.1:{port}/protected/"
    finally:
        process.terminate()
        process.wait()


def carried(browser: httpx.Client, page: httpx.Response) -> httpx.Response:
    """The page's form goes on to the application, as its script does it in a browser."""
    action = re.search(r'action="([^"]+)" id="saml-answer"', page.text)
    assert action, page.text
    fields = re.findall(
        r'<input type="hidden" name="(SAML\w+|Relay\w+)" value="([^"]*)"', page.text
    )
    form = {name: html.unescape(value) for name, value in fields}
    return browser.post(html.unescape(action[1]), data=form)


def test_apache_lets_the_person_in_until_they_are_suspended(
    portal_server: str,
    keys: list[rsa.RSAPrivateKey],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The worker's own process tells the applications, by the address that the settings name.
    settings.BASE_URL = portal_server
    monkeypatch.setattr(outgoing, "_operators", list(outgoing.entries("http://127.0.0.1:*")))
    group = UserGroup.objects.create(name="Engineering")
    lena = person("lena", group)
    port = free_port()
    # Not pytest's folder, which Apache's own user cannot enter.
    with tempfile.TemporaryDirectory() as name, new_browser() as browser:
        folder = Path(name)
        folder.chmod(0o755)
        made = registered(group, f"http://127.0.0.1:{port}", keys[0], folder)
        described = browser.get(f"{portal_server}/saml2/{made.path}/metadata")
        (folder / "idp.xml").write_bytes(described.content)
        with apache(folder, port, "MellonCond memberOf Engineering") as protected:
            page = browser.get(protected)
            assert page.url.path == "/account/sign-in/", page.text
            inside = carried(browser, sign_in(browser, page, lena))
            assert (inside.text, inside.headers["X-Person"]) == ("inside", lena.email)
            assert browser.get(protected).text == "inside"
            User.objects.filter(pk=lena.user_id).update(state="SUSPENDED")
            assert telling.tell() == 1
            assert "inside" not in browser.get(protected).text
