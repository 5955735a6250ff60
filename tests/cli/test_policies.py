"""`rollcall policies`: what there is, what would become of somebody, and what a change would do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from rollcall.access.policies import services
from rollcall.access.policies.models import BreakGlass, ResourceDefault
from rollcall.accounts.models import Account
from rollcall.cli.policies import policies_app
from rollcall.directory.models import Application, User
from tests.access.policies.conftest import administrator, document, office
from tests.actors import ADMIN

__all__ = ["administrator", "office"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def mara() -> User:
    return User.objects.create(username="mara", email="mara@example.org")


def typed(*words: str, answer: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(policies_app, words, input=answer)
    return done.exit_code, done.output


def decided(*words: str) -> dict[str, Any]:
    _, text = typed("test", *words, "--json")
    told: dict[str, Any] = json.loads(text)
    return told


def test_the_policies_and_the_defaults_are_listed() -> None:
    assert "No access policies yet." in typed("list")[1]
    services.create_policy(ADMIN, document("Office", "deny"))
    told = json.loads(typed("list", "--json")[1])
    assert [policy["name"] for policy in told["policies"]] == ["Office"]
    assert told["defaults"]["application"] == "allow"


def test_a_test_explains_what_would_happen(mara: User, office: Any) -> None:
    Application.objects.create(name="wiki", displayLabel="Wiki")
    services.create_policy(
        ADMIN,
        document("Office only", "deny", {"ipAddressNotIn": [office.pk]}, type="application"),
    )
    status, text = typed("test", "--user", "mara", "--application", "Wiki", "--ip", "192.0.2.1")
    assert status == 1
    assert text.startswith("Denied by Office only, at ")
    assert 'ipAddressIn does not hold: asked for ["Office"], there is 192.0.2.1' in text
    status, text = typed("test", "--user", "mara", "--application", "Wiki", "--ip", "127.0.0.1")
    assert status == 0
    assert text.startswith("Allowed by the default, allow")
    assert "Office only (deny): does not hold" in text


def test_what_is_not_said_is_not_known(mara: User, office: Any) -> None:
    services.create_policy(
        ADMIN, document("Office", "deny", {"ipAddressNotIn": [office.pk]}, type="user_portal")
    )
    told = decided("--user", "mara@example.org")
    assert told["outcome"] == "allowed"
    assert [policy["holds"] for policy in told["policies"]] == [None]


def test_a_factor_that_is_given_counts(administrator: Account) -> None:
    mfa = {"action": "allow", "obligations": {"mfa": {"required": True}}}
    services.create_policy(ADMIN, document("MFA", mfa), confirmed=True)
    words = ("--user", administrator.email, "--portal", "admin")
    assert decided(*words)["admitted"] is False
    assert decided(*words, "--with", "totp")["admitted"] is True


@pytest.mark.parametrize(
    "words",
    [
        ("--user", "nobody@example.org"),
        ("--user", "mara", "--application", "Nothing"),
        ("--user", "mara", "--portal", "other"),
        ("--user", "mara", "--at", "yesterday"),
        ("--user", "mara", "--with", "sms"),
    ],
)
def test_wrong_words_are_told(mara: User, words: tuple[str, ...]) -> None:
    assert typed("test", *words)[0] == 2


def test_a_grave_default_is_asked_about(administrator: Account) -> None:
    assert typed("default", "admin_portal", "deny", answer="n\n")[0] == 1
    assert not ResourceDefault.objects.exists()
    assert typed("default", "admin_portal", "deny", answer="y\n")[0] == 0
    assert ResourceDefault.objects.get().action == "deny"
    assert typed("default", "printer", "deny")[0] == 2


def test_a_break_glass_account_is_named_and_released(administrator: Account) -> None:
    assert typed("break-glass", administrator.email)[0] == 0
    assert BreakGlass.objects.get().account == administrator
    assert typed("break-glass", administrator.email, "--remove")[0] == 0
    assert not BreakGlass.objects.exists()
    assert typed("break-glass", "nobody@example.com")[0] == 2


def test_a_policy_is_foreseen_from_a_file_and_not_saved(
    administrator: Account, tmp_path: Path
) -> None:
    file = tmp_path / "policy.json"
    file.write_text(
        json.dumps(
            {
                "name": "Nobody",
                "type": "admin_portal",
                "targets": {"users": {"inclusions": ["ALL"]}},
                "effect": {"action": "deny"},
            }
        )
    )
    status, text = typed("foresee", str(file))
    assert status == 1
    assert "To be confirmed: no administrator could sign in" in text
    assert "No access policies yet." in typed("list")[1]
    file.write_text('{"effect": {"action": "maybe"}}')
    assert typed("foresee", str(file))[0] == 2
    assert typed("foresee", str(tmp_path / "missing.json"))[0] == 2
