"""API keys are credentials with a role: made once, shown once, checked by their hash."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from rollcall.accounts import api_keys
from rollcall.accounts.models import ApiKey, Role
from rollcall.audit.models import Event
from tests.actors import TESTER
from tests.api.conftest import Caller, api, key

__all__ = ["api", "key"]

pytestmark = pytest.mark.django_db
ANNA = replace(TESTER, name="anna@example.org")


def test_only_the_hash_of_a_key_is_stored_and_both_ends_of_its_life_are_in_the_audit_trail() -> (
    None
):
    key, secret = api_keys.create(ANNA, "payroll script")
    api_keys.revoke(ANNA, key)
    stored = ApiKey.objects.get()
    assert stored.hashed == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(ApiKey.objects.values())
    entries = Event.objects.order_by("id").values_list("action", "target_name", "actor_name")
    assert list(entries) == [
        ("key.create", "payroll script", "anna@example.org"),
        ("key.revoke", "payroll script", "anna@example.org"),
    ]


def test_revoking_again_is_no_event() -> None:
    key, _ = api_keys.create(ANNA, "payroll script")
    api_keys.revoke(ANNA, key)
    api_keys.revoke(ANNA, key)
    assert Event.objects.filter(action="key.revoke").count() == 1


def test_a_key_may_do_what_its_role_may(api: Caller) -> None:
    api.key = api_keys.create(TESTER, "sync", Role.MANAGER)[1]
    assert api("GET", "/api/applications").status == 200
    assert api("POST", "/api/v2/usergroups", {"name": "Buyers"}).status == 201
    refused = api("POST", "/api/applications", {"name": "wiki", "displayLabel": "Wiki"})
    assert refused.status == 403
    assert refused.json == {"message": "Forbidden: the key may not do this as Manager"}
    organization = api.get("/api/organizations")["results"][0]["_id"]
    assert api("PUT", f"/api/organizations/{organization}", {}).status == 403
