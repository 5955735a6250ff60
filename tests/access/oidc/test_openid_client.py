"""npm openid-client signs somebody on at a live server, and loses them when they are suspended.

`scripts/relying-parties` installs it; without it these tests are skipped.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from rollcall.accounts.models import Account
from rollcall.directory.models import User, UserGroup
from tests.access.oidc.relying_party import CALLBACK, PASSWORD, RelyingParty, person
from tests.web.browser import portal_server

__all__ = ["portal_server"]

FOLDER = Path(__file__).resolve().parents[1] / "relying_parties"
BESIDE = Path(sys.executable).with_name("node")
NODE = shutil.which("node") or (str(BESIDE) if BESIDE.exists() else "")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not NODE or not (FOLDER / "node_modules").exists(),
        reason="needs node and openid-client: scripts/relying-parties installs them",
    ),
]


@pytest.fixture(autouse=True)
def _quick_passwords() -> None:
    """Not here: the server knows no other hashes than its own."""


@contextmanager
def application(party: RelyingParty, issuer: str, proof: str) -> Iterator[subprocess.Popen[str]]:
    """The application in a process of its own."""
    words = [issuer, party.client.client_id, party.secret or "", CALLBACK, proof]
    with subprocess.Popen(
        [NODE, str(FOLDER / "openid_client.mjs"), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=FOLDER,
    ) as process:
        yield process
        process.kill()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def tell(process: subprocess.Popen[str], text: str) -> None:
    assert process.stdin
    process.stdin.write(f"{text}\n")
    process.stdin.flush()


def signed_in(address: str, account: Account) -> str:
    """Where the browser of a person who types their password ends up."""
    with httpx.Client(timeout=60) as browser:
        page = browser.get(address, follow_redirects=True)
        sign_in_form = page.text.split("</form>")[0]
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', sign_in_form)
        form = {name: html.unescape(value) for name, value in hidden}
        form |= {"login": account.email, "password": PASSWORD}
        sign_in = page.url.copy_with(query=None)
        answer = browser.post(sign_in, data=form, headers={"Referer": str(page.url)})
        assert answer.status_code == 302, answer.text
        return browser.get(sign_in.join(answer.headers["Location"])).headers["Location"]


@pytest.mark.parametrize("proof", ["post", "basic", "none"])
def test_openid_client_signs_somebody_on(portal_server: str, proof: str) -> None:
    group = UserGroup.objects.create(name="Engineering")
    lena = person("lena", group)
    party = RelyingParty.bound_to(group, public=proof == "none")
    with application(party, portal_server, proof) as process:
        tell(process, signed_in(line(process), lena))
        told = json.loads(line(process))
        assert told["claims"]["sub"] == told["person"]["sub"] == lena.user_id
        assert told["person"]["groups"] == ["Engineering"]
        assert told["person"]["email"] == lena.email
        assert told["active"] is (None if proof == "none" else True)
        User.objects.filter(pk=lena.user_id).update(state="SUSPENDED")
        tell(process, "go on")
        assert json.loads(line(process)) == {"refresh": "invalid_grant", "person": "invalid_token"}
