"""Second factors over the API: what a user's object tells, resets, and who may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.utils import timezone

from rollcall.accounts import api_keys, factor_services, services
from rollcall.accounts.factor_rules import TOTP, WEBAUTHN
from rollcall.accounts.factor_services import FactorRules
from rollcall.accounts.models import Account, Role
from rollcall.accounts.user_models import FactorSettings
from rollcall.api.jumpcloud.moments import moment
from rollcall.audit.models import Event
from rollcall.directory.models import User
from rollcall.mail import outbox
from tests.actors import ADMIN, TESTER
from tests.api.conftest import Caller


@pytest.fixture
def account(mara: User) -> Account:
    """Mara's account."""
    return Account.objects.create(email=mara.email, user=mara)


def of(api: Caller, user: User) -> Any:
    return api.get(f"/api/systemusers/{user.pk}")


def require_of_everybody(days: int) -> None:
    rules = FactorRules(frozenset({TOTP, WEBAUTHN}), True, days, True, frozenset())
    factor_services.save(ADMIN, rules)


def test_without_a_rule_and_a_factor(api: Caller, mara: User) -> None:
    shown = of(api, mara)
    assert (shown["totp_enabled"], shown["enable_user_portal_multifactor"]) == (False, False)
    assert shown["mfa"] == {"configured": False, "exclusion": False}
    assert shown["mfaEnrollment"] == {
        "overallStatus": "NOT_ENROLLED",
        "totpStatus": "NOT_ENROLLED",
        "webAuthnStatus": "NOT_ENROLLED",
        "pushStatus": "DISABLED",
        "jcGoStatus": "DISABLED",
    }


def test_a_period_is_told_with_its_end(api: Caller, account: Account, mara: User) -> None:
    require_of_everybody(7)
    since = FactorSettings.objects.get().required_since
    assert since is not None
    assert of(api, mara)["mfa"] == {
        "configured": False,
        "exclusion": True,
        "exclusionUntil": moment(since + timedelta(days=7)),
        "exclusionDays": 7,
    }
    assert of(api, mara)["mfaEnrollment"]["overallStatus"] == "IN_ENROLLMENT"
    require_of_everybody(0)
    assert of(api, mara)["mfaEnrollment"]["totpStatus"] == "ENROLLMENT_EXPIRED"


def test_an_authenticator_app_is_told(api: Caller, account: Account, mara: User) -> None:
    assert api.get(f"/api/systemusers/{mara.pk}/totpinfo") == {}
    app = Authenticator.objects.create(user=account, type=TOTP, data={})
    shown = of(api, mara)
    assert (shown["totp_enabled"], shown["mfa"]["configured"]) == (True, True)
    assert shown["mfaEnrollment"]["totpStatus"] == "ENROLLED"
    told = api.get(f"/api/systemusers/{mara.pk}/totpinfo")
    assert told == {"enrollmentDate": moment(app.created_at)}


@pytest.mark.parametrize(
    ("wanted", "known"),
    [
        ("totp_enabled:$eq:true", True),
        ("mfa.configured:$eq:true", True),
        ("mfa.exclusion:$eq:true", False),
        ("mfaEnrollment.overallStatus:$eq:ENROLLED", True),
        ("enable_user_portal_multifactor:$eq:true", False),
    ],
)
def test_lists_are_filtered_by_it(api: Caller, account: Account, wanted: str, known: bool) -> None:
    Authenticator.objects.create(user=account, type=TOTP, data={})
    User.objects.create(username="ada", email="ada@example.org")
    found = api.get(f"/api/systemusers?filter={wanted}&fields=username")["results"]
    assert [user["username"] for user in found] == (["mara.voss"] if known else [])


def test_a_factor_is_required_of_a_user(api: Caller, mara: User) -> None:
    address = f"/api/systemusers/{mara.pk}"
    shown = api("PUT", address, {"enable_user_portal_multifactor": True})
    assert (shown.status, shown.json["enable_user_portal_multifactor"]) == (200, True)
    told = {"mfa": shown.json["mfa"], "enable_user_portal_multifactor": True}
    assert api("PUT", address, told).status == 200  # sent back as it was read
    assert api("PUT", address, {"enable_user_portal_multifactor": False}).status == 200
    assert of(api, mara)["enable_user_portal_multifactor"] is False


def test_a_version_changes_with_the_factors(api: Caller, account: Account, mara: User) -> None:
    address = f"/api/systemusers/{mara.pk}"
    tag = api("GET", address).headers["ETag"]
    Authenticator.objects.create(user=account, type=TOTP, data={})
    assert api("GET", address, If_None_Match=tag).status == 200
    assert api("PUT", address, {"jobTitle": "Buyer"}, If_Match=tag).status == 412


@pytest.mark.parametrize("body", [None, {}, {"exclusion": True}, {"exclusionDays": 3}])
def test_a_reset_begins_a_new_period(
    api: Caller, account: Account, mara: User, body: dict[str, Any] | None
) -> None:
    require_of_everybody(2)
    Authenticator.objects.create(user=account, type=TOTP, data={})
    assert api("POST", f"/api/systemusers/{mara.pk}/resetmfa", body).status == 200
    days = 3 if body and "exclusionDays" in body else 2
    assert of(api, mara)["mfa"]["exclusionDays"] == days
    assert of(api, mara)["totp_enabled"] is False


def test_a_reset_without_a_period(api: Caller, account: Account, mara: User) -> None:
    require_of_everybody(9)
    Authenticator.objects.create(user=account, type=TOTP, data={})
    api.post(f"/api/systemusers/{mara.pk}/resetmfa", {"exclusion": False})
    assert of(api, mara)["mfaEnrollment"]["overallStatus"] == "ENROLLMENT_EXPIRED"


def test_the_end_of_a_period_is_given_as_a_time(api: Caller, mara: User) -> None:
    address = f"/api/systemusers/{mara.pk}/resetmfa"
    until = moment(timezone.now() + timedelta(days=5))
    api.post(address, {"exclusion": True, "exclusionUntil": until})
    assert of(api, mara)["mfa"]["exclusionUntil"] == until
    for wrong in (
        {"exclusionUntil": "2020-01-01T00:00:00Z"},
        {"exclusionUntil": "2999-01-01T00:00:00Z"},
        {"exclusionUntil": "tomorrow"},
        {"exclusionDays": 0},
        {"exclusionDays": 366},
    ):
        assert api("POST", address, {"exclusion": True, **wrong}).status == 400, wrong


def test_an_administrators_factors_are_not_reset(api: Caller, mara: User) -> None:
    boss = services.create(TESTER, "boss@example.org", {Role.ADMINISTRATOR})
    services.link(TESTER, boss, mara)
    Authenticator.objects.create(user=boss, type=TOTP, data={})
    assert api("POST", f"/api/systemusers/{mara.pk}/resetmfa", {}).status == 403
    assert Authenticator.objects.exists()


def test_a_sync_has_nothing_to_do(api: Caller, mara: User) -> None:
    assert api("POST", f"/api/systemusers/{mara.pk}/mfasync").status == 200
    assert api("POST", "/api/systemusers/65f0c0ffee0000000000a0ff/mfasync").status == 404


RIGHTS = {
    Role.ADMINISTRATOR: (True, True, True),
    Role.MANAGER: (True, True, True),
    Role.HELP_DESK: (True, True, False),
    Role.READ_ONLY: (True, False, False),
    Role.COMMAND_RUNNER: (False, False, False),
}
"""May this key read, help, write?"""


@pytest.mark.parametrize("role", list(Role))
def test_a_keys_role_says_what_it_may(api: Caller, mara: User, role: Role) -> None:
    api.key = api_keys.create(TESTER, "a key", role)[1]
    at = f"/api/systemusers/{mara.pk}"
    read = [api("GET", where).status for where in (at, f"{at}/totpinfo", f"{at}/sshkeys")]
    helped = [
        api("POST", where).status for where in (f"{at}/resetmfa", f"{at}/mfasync", f"{at}/unlock")
    ]
    written = [
        api("POST", f"{at}/state/activate", {"email": False}).status,
        api("PUT", at, {"jobTitle": role.value}).status,
        api("POST", f"{at}/expire").status,
    ]
    # Whatever letters its address has: who may do what is decided by it.
    client, header = Client(), {"x-api-key": api.key}
    other = client.post(
        f"/api/Systemusers/{mara.pk}/ResetMFA/", "{}", "application/json", headers=header
    )
    helped.append(other.status_code)
    expected = tuple({200} if may else {403} for may in RIGHTS[role])
    assert (set(read), set(helped), set(written)) == expected


def test_the_activation_email_goes_where_it_is_asked_for(api: Caller, mara: User) -> None:
    address = f"/api/systemusers/{mara.pk}/state/activate"
    User.objects.update(state="STAGED", alternateEmail="mara@home.example")
    api.post(address, {})
    api.post(address, {})  # Active by now: sent once more only where it is asked for
    api.post(address, {"email": "other@example.org"})
    User.objects.update(alternateEmail="")
    api.post(address, {"email": True})
    outbox.send_due()
    sent = [letter.to for letter in mail.outbox]
    assert sent == [["mara@home.example"], ["other@example.org"], ["mara.voss@example.org"]]
    assert api("POST", address, {"email": "nowhere"}).status == 400


def test_without_an_email_nobody_gets_an_account(api: Caller, mara: User) -> None:
    User.objects.update(state="STAGED")
    api.post(f"/api/systemusers/{mara.pk}/state/activate", {"email": False})
    outbox.send_due()
    assert (User.objects.get().state, mail.outbox) == ("ACTIVATED", [])
    assert not Account.objects.exists()
    assert not Event.objects.filter(action="user.activation.email").exists()


def test_whoever_has_a_password_gets_no_email_and_the_answer_says_so(
    api: Caller, account: Account, mara: User
) -> None:
    account.set_password("a quiet river in may")
    account.save()
    User.objects.update(state="STAGED")
    answer = api("POST", f"/api/systemusers/{mara.pk}/state/activate", {})
    assert answer.status == 200
    assert "so none was sent" in answer.headers["Warning"]
    assert User.objects.get().state == "ACTIVATED"
