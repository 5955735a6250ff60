"""Defaults, foresight, what-if and break-glass accounts of conditional access, over the API."""

from __future__ import annotations

import pytest

from rollcall.access.policies.models import AccessPolicy, BreakGlass
from rollcall.accounts import api_keys, services
from rollcall.accounts.models import Role
from rollcall.directory.models import User
from tests.actors import TESTER
from tests.api.conftest import Caller
from tests.api.test_policies import policy

FALLBACK = "/api/v2/authn/policy/fallback"
FORESIGHT = "/api/v2/authn/foresight"
WHAT_IF = "/api/v2/authn/what-if"
BREAK_GLASS = "/api/v2/authn/break-glass"


def test_a_default_is_read_and_set(api: Caller) -> None:
    address = f"{FALLBACK}/application"
    assert api.get(address) == {"resource_type": "application", "action": "allow"}
    assert api("PUT", address, {"action": "deny"}).json["action"] == "deny"
    assert api.get(address)["action"] == "deny"
    assert api("PUT", address, {"action": "perhaps"}).status == 400
    assert api("GET", f"{FALLBACK}/ldap").status == 400


def test_a_default_that_shuts_the_last_administrator_out_is_confirmed(api: Caller) -> None:
    services.create(TESTER, "ada@example.com", {Role.ADMINISTRATOR})
    address = f"{FALLBACK}/admin_portal"
    assert api("PUT", address, {"action": "deny"}).status == 409
    assert api("PUT", address, {"action": "deny"}, x_confirm="yes").status == 200


def test_a_policy_is_foreseen_and_not_saved(api: Caller) -> None:
    services.create(TESTER, "ada@example.com", {Role.ADMINISTRATOR})
    told = api("POST", FORESIGHT, policy(type="admin_portal", targets={}, conditions={}))
    assert told.status == 200
    assert told.json["sign_ins"] == 0
    told = api(
        "POST",
        FORESIGHT,
        policy(
            conditions={},
            targets={
                "resources": [{"type": "admin_portal"}],
                "users": {"inclusions": ["ALL"]},
            },
        ),
    )
    assert told.json["must_be_confirmed"]
    assert api("POST", FORESIGHT, policy(conditions={"colour": "red"})).status == 400
    assert not AccessPolicy.objects.exists()


def test_a_what_if_tells_every_rule_with_its_values(api: Caller) -> None:
    User.objects.create(username="mara", email="mara@example.org")
    api.post(
        "/api/v2/authn/policies",
        policy(conditions={"not": {"deviceManaged": True}}, name="Managed only"),
    )
    asked = {"user": "mara", "at": "2026-11-27T09:30:00+01:00", "deviceManaged": False}
    told = api("POST", WHAT_IF, asked).json
    assert (told["outcome"], told["admitted"]) == ("denied", False)
    assert told["at"] == "2026-11-27T08:30:00+00:00"
    [rule] = told["policies"]
    assert (rule["name"], rule["holds"]) == ("Managed only", True)
    assert rule["conditions"]["parts"][0]["value"] is False
    # What is left out is not known.
    assert api("POST", WHAT_IF, {"user": "mara"}).json["policies"][0]["holds"] is None
    assert api("POST", WHAT_IF, {"user": "nobody"}).status == 400
    assert api("POST", WHAT_IF, {"user": "mara", "application": "gone"}).status == 400
    assert api("POST", WHAT_IF, {"user": "mara", "at": "0001-01-01T00:00:00Z"}).status == 400


def test_a_break_glass_account_is_named_and_released(api: Caller) -> None:
    ada = services.create(TESTER, "ada@example.com", {Role.ADMINISTRATOR})
    assert api("POST", BREAK_GLASS, {"email": "nobody@example.com"}).status == 400
    shown = {"account_id": ada.pk, "email": "ada@example.com"}
    assert api("POST", BREAK_GLASS, {"email": "Ada@Example.com"}).json == shown
    assert api.get(BREAK_GLASS) == [shown]
    assert api("DELETE", f"{BREAK_GLASS}/{ada.pk}").json == shown
    assert api("DELETE", f"{BREAK_GLASS}/{ada.pk}").status == 404
    assert api("DELETE", f"{BREAK_GLASS}/{2**70}").status == 404
    assert not BreakGlass.objects.exists()


@pytest.mark.parametrize(
    ("role", "writing", "administrators"), [(Role.READ_ONLY, 403, 403), (Role.MANAGER, 403, 403)]
)
def test_only_administrators_write_and_see_who_they_are(
    db: None, role: Role, writing: int, administrators: int
) -> None:
    User.objects.create(username="mara", email="mara@example.org")
    call = Caller(api_keys.create(TESTER, "tests", role)[1])
    assert call("PUT", f"{FALLBACK}/application", {"action": "deny"}).status == writing
    assert call("POST", FORESIGHT, policy()).status == writing
    assert call("POST", BREAK_GLASS, {"email": "ada@example.com"}).status == writing
    assert call("GET", BREAK_GLASS).status == administrators
    assert call("GET", f"{FALLBACK}/application").status == 200
    assert call("POST", WHAT_IF, {"user": "mara"}).status == 200
