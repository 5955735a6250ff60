"""Settings → MFA: which factors there are, of whom one is required, and what follows on pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from rollcall.accounts import activation, factor_services
from rollcall.accounts.factor_rules import RECOVERY_CODES, TOTP, WEBAUTHN
from rollcall.accounts.factor_services import FactorRules
from rollcall.accounts.models import Account
from rollcall.directory.models import UserGroup
from rollcall.directory.services import HAND
from tests.actors import ADMIN
from tests.web.world import PASSWORD, World, just_proved

pytestmark = pytest.mark.django_db

PAGE = "/settings/mfa/"
FORM: dict[str, Any] = {
    "allowed": [TOTP, WEBAUTHN],
    "passkey_sign_in": "on",
    "everybody": "",
    "groups": "",
    "enrolment_days": "14",
}


def require_of_everybody(days: int, allowed: frozenset[str] = frozenset({TOTP, WEBAUTHN})) -> None:
    factor_services.save(ADMIN, FactorRules(allowed, True, days, True, frozenset()))


@pytest.fixture
def amelie(world: World) -> Account:
    """An Active user who has no role."""
    return activation.give_password(ADMIN, HAND, world.user.pk, PASSWORD, must_change=False)


@pytest.fixture
def me(amelie: Account) -> Client:
    """Her browser, signed in."""
    browser = Client()
    browser.force_login(amelie)
    just_proved(browser, amelie)
    return browser


def sign_in(browser: Client, account: Account) -> Any:
    return browser.post("/account/sign-in/", {"login": account.email, "password": PASSWORD})


def test_the_rules_are_saved(admin: Client, world: World) -> None:
    assert admin.post(PAGE, {**FORM, "groups": "everyone in MUNICH\n"}).status_code == 302
    rules = factor_services.current()
    assert rules.allowed == {TOTP, WEBAUTHN}
    assert (rules.passkey_sign_in, rules.enrolment_days, rules.everybody) == (True, 14, False)
    assert rules.groups == {world.group.pk}
    assert world.group.name in admin.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"allowed": [RECOVERY_CODES]}, "one of the two is needed"),
        ({"groups": "Nobody"}, "no user group called “Nobody”"),
        ({"enrolment_days": "366"}, "365"),
        ({"enrolment_days": ""}, "required"),
    ],
)
def test_what_cannot_hold_is_refused_and_what_was_typed_stays(
    admin: Client, wrong: dict[str, Any], told: str
) -> None:
    page = admin.post(PAGE, {**FORM, **wrong}).content.decode()
    assert told in page
    assert factor_services.current().enrolment_days == 7
    if "groups" in wrong:
        assert "Nobody</textarea>" in page


def test_two_who_change_different_rules_lose_nothing(admin: Client, world: World) -> None:
    seen = admin.get(PAGE).context["form"].opened_with_text
    UserGroup.objects.create(name="Board")
    all_three = [TOTP, WEBAUTHN, RECOVERY_CODES]
    first = {**FORM, "allowed": all_three, "seen": seen, "enrolment_days": "7"}
    admin.post(PAGE, {**first, "groups": "Board"})
    admin.post(PAGE, {**first, "enrolment_days": "30"})
    rules = factor_services.current()
    assert (len(rules.groups), rules.enrolment_days) == (1, 30)


def test_sign_in_tells_of_the_period_and_goes_on(client: Client, amelie: Account) -> None:
    require_of_everybody(7)
    assert sign_in(client, amelie)["Location"] == "/account/second-factor/"
    assert "is required of you from" in client.get("/account/second-factor/").content.decode()
    assert client.get("/me/").status_code == 302  # not signed in yet
    assert client.post("/account/second-factor/", {"action": "later"})["Location"] == "/"
    page = client.get("/me/").content.decode()
    assert "A second factor is required of you from" in page


def test_sign_in_leads_to_setting_one_up_at_once(client: Client, amelie: Account) -> None:
    require_of_everybody(7)
    sign_in(client, amelie)
    answer = client.post("/account/second-factor/", {"action": "now"})
    assert answer["Location"] == "/account/two-factor/"


def test_after_the_period_a_factor_comes_before_anything_else(
    client: Client, amelie: Account
) -> None:
    require_of_everybody(0)
    sign_in(client, amelie)
    for page in ("/me/", "/me/profile/", "/me/security/", "/me/activity/"):
        assert client.get(page)["Location"] == "/account/two-factor/", page
    assert client.get("/account/two-factor/").status_code == 200
    require_of_everybody(7)
    assert client.get("/me/").status_code == 200


def test_a_factor_that_is_not_allowed_is_neither_offered_nor_added(me: Client) -> None:
    require_of_everybody(7, frozenset({WEBAUTHN}))
    page = me.get("/account/two-factor/").content.decode()
    assert "Authenticator App" not in page
    assert "Recovery Codes" not in page
    assert me.get("/account/two-factor/totp/activate/").status_code == 403
    assert me.post("/account/two-factor/totp/activate/", {"code": "1"}).status_code == 403
    assert me.post("/account/two-factor/recovery-codes/generate/").status_code == 403
    assert me.get("/account/two-factor/webauthn/add/").status_code != 403


def test_a_factor_is_required_of_a_user_on_their_page(admin: Client, world: World) -> None:
    where = f"/users/{world.user.pk}/account/"
    admin.post(where, {"action": "require-factor"})
    page = admin.get(where).content.decode()
    assert "Require a second factor no longer" in page
    assert "Reset, with a new enrolment period" in page
    admin.post(where, {"action": "release-factor"})
    assert "Require a second factor no longer" not in admin.get(where).content.decode()
