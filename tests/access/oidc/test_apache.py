"""Apache with mod_auth_openidc lets somebody in at a protected page, until they are suspended.

Debian: apache2, libapache2-mod-auth-openidc. Without them the test is skipped.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from rollcall.accounts.models import Account
from rollcall.directory.models import User, UserGroup
from tests.access.oidc.relying_party import PASSWORD, RelyingParty, person
from tests.waiting import wait_until
from tests.web.browser import portal_server

__all__ = ["portal_server"]

APACHE = shutil.which("apache2") or "/usr/sbin/apache2"
MODULES = Path("/usr/lib/apache2/modules")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not (MODULES / "mod_auth_openidc.so").exists() or os.geteuid() != 0,
        reason="needs apache2 and libapache2-mod-auth-openidc, and root to start it",
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
OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
OIDCClientID {client_id}
OIDCClientSecret {secret}
OIDCRedirectURI http://127.0.0.1:{port}/protected/callback
OIDCCryptoPassphrase a-passphrase-of-the-test
OIDCScope "openid email groups offline_access"
OIDCPKCEMethod S256
OIDCHTTPTimeoutShort 60
OIDCHTTPTimeoutLong 60
OIDCRemoteUserClaim sub
# Asked at each request, so that the next check is the next request.
OIDCRefreshAccessTokenBeforeExpiry 3700 logout_on_error
<Location /protected>
  AuthType openid-connect
  Require claim groups:Engineering
  Header always set X-Person "expr=%{{REMOTE_USER}}"
</Location>
"""
LOADED = (
    "mpm_prefork",
    "authn_core",
    "authz_core",
    "authz_user",
    "auth_openidc",
    "headers",
    "dir",
    "mime",
)


ONE_ANSWER = httpx.Limits(max_keepalive_connections=0)
"""A connection for each request: nothing is left over of an answer that is no good."""


@pytest.fixture(autouse=True)
def _quick_passwords() -> None:
    """Not here: the server knows no other hashes than its own."""


@contextmanager
def apache(client_id: str, secret: str | None, issuer: str, port: int) -> Iterator[str]:
    """Apache on this port; the address of its protected page."""
    # Not pytest's folder, which Apache's own user cannot enter.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "site" / "protected").mkdir(parents=True)
        (folder / "site" / "protected" / "index.html").write_text("inside")
        modules = "\n".join(
            f"LoadModule {module}_module {MODULES}/mod_{module}.so" for module in LOADED
        )
        (folder / "mime.types").touch()
        (folder / "apache.conf").write_text(
            CONFIGURATION.format(
                folder=folder,
                port=port,
                modules=f"{modules}\nTypesConfig {folder}/mime.types",
                issuer=issuer,
                client_id=client_id,
                secret=secret,
            )
        )
        process = subprocess.Popen([APACHE, "-X", "-f", str(folder / "apache.conf")])
        try:
            wait_until(lambda: _answers(port))
            yield f"http://127.0.0.1:{port}/protected/"
        finally:
            process.terminate()
            process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def new_browser() -> httpx.Client:
    """A browser that nobody has used yet."""
    return httpx.Client(timeout=60, follow_redirects=True, limits=ONE_ANSWER)


def sign_in(browser: httpx.Client, page: httpx.Response, account: Account) -> httpx.Response:
    """The person types their password on the page of sign-in."""
    hidden = re.findall(
        r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text.split("</form>")[0]
    )
    form = {name: html.unescape(value) for name, value in hidden}
    form |= {"login": account.email, "password": PASSWORD}
    address = page.url.copy_with(query=None)
    return browser.post(address, data=form, headers={"Referer": str(page.url)})


def text_of(browser: httpx.Client, address: str) -> str:
    """What the browser is shown."""
    try:
        return browser.get(address).text
    # The answer in which the module (2.4.12) ends its session may lack a status line.
    except httpx.RemoteProtocolError:
        return ""


def test_apache_lets_the_person_in_until_they_are_suspended(portal_server: str) -> None:
    group = UserGroup.objects.create(name="Engineering")
    lena = person("lena", group)
    port = free_port()
    callback = f"http://127.0.0.1:{port}/protected/callback"
    party = RelyingParty.bound_to(group, redirect_uris=[callback], post_logout_redirect_uris=[])
    known = party.client.client_id, party.secret
    with apache(*known, portal_server, port) as protected, new_browser() as browser:
        page = browser.get(protected)
        assert page.url.path == "/account/sign-in/"
        inside = sign_in(browser, page, lena)
        assert (inside.text, inside.headers["X-Person"]) == ("inside", lena.user_id)
        assert browser.get(protected).text == "inside"
        User.objects.filter(pk=lena.user_id).update(state="SUSPENDED")
        for _ in range(3):
            assert "inside" not in text_of(browser, protected)
