"""What a proxy tells of the client is believed of the named ones, and of nobody else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from rollcall.audit.models import Event
from rollcall.core.configuration import ConfigurationError, allowed_hosts, load, networks
from rollcall.mail import outbox
from rollcall.project.proxies import settle
from tests.web.conftest import world
from tests.web.world import PASSWORD, World

__all__ = ["world"]

PROXY = "10.0.0.5"
TRUSTED = networks("10.0.0.5, 192.168.0.0/24, fd00::/8")
EMAIL = "manager@example.com"


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        (PROXY, "203.0.113.7", "203.0.113.7"),
        (PROXY, "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the first one is the client's word
        (PROXY, "203.0.113.7, 192.168.0.9", "203.0.113.7"),
        (PROXY, "203.0.113.7:4711", "203.0.113.7"),
        (PROXY, "[2001:db8::1]:4711", "2001:db8::1"),
        (PROXY, "unknown", PROXY),
        (PROXY, "", PROXY),
        ("::ffff:10.0.0.5", "203.0.113.7", "203.0.113.7"),
        ("fd00::1", "203.0.113.7", "203.0.113.7"),
        ("203.0.113.9", "203.0.113.7", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.7", "127.0.0.1"),
    ],
)
def test_the_client_is_the_last_one_that_no_proxy_is(
    peer: str, forwarded: str, client: str
) -> None:
    meta: dict[str, Any] = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}
    settle(meta, TRUSTED)
    assert meta == {"REMOTE_ADDR": client}


@pytest.mark.parametrize("peer", ["203.0.113.9", "", "10.0.0.6"])
def test_from_anybody_else_nothing_is_left(peer: str) -> None:
    names = ("FOR", "PROTO", "HOST", "PORT")
    meta: dict[str, Any] = {f"HTTP_X_FORWARDED_{name}": "x" for name in names}
    settle(meta | {"HTTP_FORWARDED": "for=x", "REMOTE_ADDR": peer}, TRUSTED)
    meta |= {"HTTP_FORWARDED": "for=x", "REMOTE_ADDR": peer}
    settle(meta, TRUSTED)
    assert meta == {"REMOTE_ADDR": peer}


def fail(times: int, peer: str, client: str) -> int:
    """Sign in with wrong passwords; the status of the last answer."""
    status = 0
    for _ in range(times):
        answer = Client(REMOTE_ADDR=peer, headers={"x-forwarded-for": client}).post(
            "/account/sign-in/", {"login": EMAIL, "password": "a wrong password"}
        )
        status = answer.status_code
    return status


@pytest.mark.django_db
def test_lock_out_and_audit_see_the_client_behind_a_trusted_proxy(
    world: World, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = TRUSTED
    cache.clear()
    assert fail(6, PROXY, "203.0.113.7") == 429
    assert fail(1, PROXY, "203.0.113.8") == 200
    failed = Event.objects.filter(action="account.sign_in_failed")
    assert set(failed.values_list("client_ip", flat=True)) == {"203.0.113.7", "203.0.113.8"}


@pytest.mark.django_db
def test_without_one_nobody_escapes_a_lock_out_by_telling_other_addresses(
    world: World, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = []
    cache.clear()
    for number in range(6):
        status = fail(1, "203.0.113.9", f"198.51.100.{number}")
    assert status == 429
    failed = Event.objects.filter(action="account.sign_in_failed")
    assert set(failed.values_list("client_ip", flat=True)) == {"203.0.113.9"}


def reset_link(settings: Settings, base_url: str, **headers: str) -> str:
    """The e-mail that answers a forgotten password which was asked for with these headers."""
    settings.BASE_URL = base_url
    settings.ALLOWED_HOSTS = ["testserver", "people.example", "evil.example"]
    client = Client(REMOTE_ADDR=headers.pop("peer"), headers=headers)
    client.post("/account/password/forgotten/", {"email": EMAIL})
    outbox.send_due()
    return str(mail.outbox[-1].body)


@pytest.mark.django_db
@pytest.mark.parametrize("peer", [PROXY, "203.0.113.9"])
def test_a_reset_link_leads_to_the_configured_address_whatever_is_told(
    world: World, settings: Settings, peer: str
) -> None:
    settings.TRUSTED_PROXIES = TRUSTED
    cache.clear()
    forged = {"host": "evil.example", "x-forwarded-host": "evil.example", "peer": peer}
    body = reset_link(settings, "https://people.example", **forged)
    assert "https://people.example/account/password/new/" in body
    assert "evil" not in body


@pytest.mark.django_db
def test_without_an_address_only_a_trusted_proxy_names_the_host(
    world: World, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = TRUSTED
    cache.clear()
    told = {"x-forwarded-host": "people.example", "x-forwarded-proto": "https"}
    assert "https://people.example/account/" in reset_link(settings, "", peer=PROXY, **told)
    cache.clear()
    assert "http://testserver/account/" in reset_link(settings, "", peer="203.0.113.9", **told)


@pytest.mark.parametrize("hosts", ["*", "a.example, *", ".example.org"])
def test_any_host_is_answered_to_only_where_links_have_an_address(
    tmp_path: Path, hosts: str
) -> None:
    environ = {"HOME": str(tmp_path), "ROLLCALL_ALLOWED_HOSTS": hosts}
    with pytest.raises(ConfigurationError, match="ROLLCALL_BASE_URL"):
        allowed_hosts(load(environ).installation)
    environ |= {"ROLLCALL_BASE_URL": "https://people.example"}
    assert allowed_hosts(load(environ).installation) == [h.strip() for h in hosts.split(",")]


@pytest.mark.parametrize("proxies", ["proxy.example", "10.0.0.5/8", "10.0.0"])
def test_a_proxy_that_is_no_address_is_named(tmp_path: Path, proxies: str) -> None:
    with pytest.raises(ConfigurationError, match="ROLLCALL_TRUSTED_PROXIES"):
        load({"HOME": str(tmp_path), "ROLLCALL_TRUSTED_PROXIES": proxies})


SHOWN = """
import json, django
from django.conf import settings
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)  # the page asks whether there is an administrator yet
from django.test import Client
client = Client(enforce_csrf_checks=True)
answer = client.get("/account/sign-in/")
from rollcall.project import settings as s
print(json.dumps({
    "cookies": {name: bool(morsel["secure"]) for name, morsel in answer.cookies.items()},
    "session": [s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE],
    "hsts": answer.headers.get("Strict-Transport-Security", ""),
    "status": answer.status_code,
}))
"""


def shown(folder: Path, base_url: str) -> dict[str, Any]:
    """What an installation with this address answers."""
    environ = {
        "PATH": os.environ["PATH"],
        "ROLLCALL_DATA_DIR": str(folder),
        "HOME": str(folder),
        "ROLLCALL_BASE_URL": base_url,
        "ROLLCALL_ALLOWED_HOSTS": "testserver",
        "DJANGO_SETTINGS_MODULE": "rollcall.project.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", SHOWN], env=environ, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_with_https_cookies_are_for_this_host_alone_and_browsers_insist_on_it(
    tmp_path: Path,
) -> None:
    found = shown(tmp_path, "https://people.example")
    assert found["status"] == 200
    assert found["cookies"] == {"__Host-rollcall_csrf": True}
    assert found["session"] == ["__Host-rollcall_session", True]
    assert found["hsts"] == "max-age=31536000"


def test_without_https_nothing_is_promised(tmp_path: Path) -> None:
    found = shown(tmp_path, "http://people.example")
    assert found["cookies"] == {"rollcall_csrf": False}
    assert found["session"] == ["rollcall_session", False]
    assert found["hsts"] == ""


@pytest.mark.django_db
def test_with_https_one_can_sign_in_though_no_proxy_is_named(
    world: World, settings: Settings
) -> None:
    settings.HTTPS, settings.BASE_URL = True, "https://people.example"
    settings.CSRF_TRUSTED_ORIGINS = ["https://people.example"]
    cache.clear()
    form = {"login": EMAIL, "password": PASSWORD}
    assert Client().post("/account/sign-in/", form).status_code == 302
