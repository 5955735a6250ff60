"""Settings → API keys: a key is made, shown once, used and revoked."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from rollcall.accounts.models import ApiKey
from rollcall.audit.models import Event
from tests.web.world import World

pytestmark = pytest.mark.django_db
KEYS = "/settings/api-keys/"
BACKEND = "rollcall.accounts.backend.AccountBackend"


def _made(admin: Client, role: str = "administrator", **more: str) -> str:
    form = {"name": "Payroll <script>", "role": role, **more}
    page = admin.post(KEYS, form, follow=True).content.decode()
    found = re.search(r"<code>(rck_[^<]+)</code>", page)
    assert found is not None
    return found[1]


def _status(key: str, method: str = "GET") -> int:
    return (
        Client().generic(method, "/api/systemusers", "{}", headers={"x-api-key": key}).status_code
    )


def test_a_key_is_shown_once_and_opens_the_api(admin: Client) -> None:
    secret = _made(admin)
    assert _status(secret) == 200
    page = admin.get(KEYS).content.decode()
    assert secret not in page
    assert secret[:8] in page
    assert "Payroll &lt;script&gt;" in page


def test_a_read_only_key_writes_nothing(admin: Client) -> None:
    secret = _made(admin, "read_only")
    assert (_status(secret), _status(secret, "POST")) == (200, 403)


def test_revoking_asks_once_and_closes_the_api(admin: Client) -> None:
    secret = _made(admin)
    form = {"action": "revoke", "key": ApiKey.objects.get().pk}
    assert "is refused from then on" in admin.post(KEYS, form).content.decode()
    assert _status(secret) == 200
    admin.post(KEYS, form | {"confirmed": "yes"})
    assert _status(secret) == 401
    assert "No key yet" in admin.get(KEYS).content.decode()


def test_who_made_and_revoked_a_key_is_in_the_audit_log(admin: Client) -> None:
    secret = _made(admin)
    form = {"action": "revoke", "key": ApiKey.objects.get().pk, "confirmed": "yes"}
    admin.post(KEYS, form)
    entries = list(Event.objects.filter(action__startswith="key.").order_by("pk"))
    assert [(one.action, one.actor_name, one.door, one.client_ip) for one in entries] == [
        ("key.create", "administrator@example.com", "portal", "127.0.0.1"),
        ("key.revoke", "administrator@example.com", "portal", "127.0.0.1"),
    ]
    assert secret not in str([(one.before, one.after) for one in entries])


def test_a_key_without_a_name_is_not_made(admin: Client) -> None:
    admin.post(KEYS, {"name": " "})
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("name", ["pay\x1b[2Jroll", "pay\u202eroll", "pay\nroll"])
def test_a_name_with_control_characters_is_refused(admin: Client, name: str) -> None:
    answer = admin.post("/settings/api-keys/", {"name": name})
    assert "Leave control characters out" in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_a_double_click_makes_one_key_and_shows_it(admin: Client) -> None:
    form = {"name": "payroll", "form": "the-same-form"}
    answers = [admin.post("/settings/api-keys/", form) for _ in range(2)]
    assert ApiKey.objects.count() == 1
    assert answers[0]["Location"] == answers[1]["Location"]
    assert "rck_" in admin.get(answers[1]["Location"]).content.decode()


def test_a_reload_makes_none_and_shows_none(admin: Client) -> None:
    made = admin.post("/settings/api-keys/", {"name": "payroll"})["Location"]
    admin.get(made)
    assert not re.search(r"rck_[\w-]{20}", admin.get(made, follow=True).content.decode())
    assert ApiKey.objects.count() == 1


def test_nobody_else_sees_it(admin: Client, world: World) -> None:
    made = admin.post("/settings/api-keys/", {"name": "payroll"})["Location"]
    other = Client()
    other.force_login(world.people["administrator"], backend=BACKEND)
    assert other.get(made)["Location"] == "/settings/api-keys/"
