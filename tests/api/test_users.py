"""Users made, read, changed and deleted one by one, as JumpCloud's v1 does it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from rollcall.accounts import services
from rollcall.accounts.models import Account, Role
from rollcall.audit.models import Event
from rollcall.directory.models import Organization, User
from tests.actors import TESTER
from tests.api.conftest import Caller

NEW: dict[str, Any] = {"username": "lena.brandt", "email": "Lena.Brandt@Example.org"}


def test_a_new_user_comes_back_with_an_id_and_a_lower_case_email(api: Caller) -> None:
    made = api.post("/api/systemusers", {**NEW, "firstname": "Lena", "jobTitle": "Buyer"})
    assert re.fullmatch(r"[0-9a-f]{24}", made["_id"])
    assert made["email"] == "lena.brandt@example.org"
    assert (made["firstname"], made["jobTitle"]) == ("Lena", "Buyer")
    assert made["organization"] == Organization.the().id
    assert api.get(f"/api/systemusers/{made['_id']}") == made


@pytest.mark.parametrize("state", ["ACTIVATED", "STAGED"])
def test_without_a_state_a_new_user_gets_the_default_of_manual_entries(
    api: Caller, state: str
) -> None:
    Organization.objects.filter(pk=Organization.the().pk).update(manualEntry=state)
    assert api.post("/api/systemusers", NEW)["state"] == state


def test_a_new_user_may_come_suspended(api: Caller) -> None:
    made = api.post("/api/systemusers", {**NEW, "state": "SUSPENDED"})
    assert (made["state"], made["suspended"]) == ("SUSPENDED", True)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"username": "1lena"}, "start with a letter"),
        ({"username": "lena@brandt"}, "only letters"),
        ({"username": "l" * 31}, "longer than 30"),
        ({"email": "nowhere"}, "not an e-mail"),
        ({"email": "lena@host"}, "email “lena@host”"),
        ({"recoveryEmail": {"address": "x" * 1025}}, "recoveryEmail is longer than 1024"),
        ({"employeeIdentifier": "9" * 257}, "256"),
        ({"jobTitle": "x" * 1025}, "1024"),
        ({"jobTitle": 7}, "jobTitle"),
        ({"manager": ""}, "manager is not the id"),
        ({"manager": "65f0c0ffee0000000000a0ff"}, "manager is not the id"),
        ({"attributes": [{"name": "cost object", "value": "1"}]}, "attributes.0.name"),
        ({"attributes": [{"name": "a", "value": "x" * 1025}]}, "1024"),
        ({"state": "GONE"}, "state"),
        ({"state": "ACTIVATED", "suspended": True}, "Cannot save conflicting state and suspended"),
    ],
)
def test_a_wrong_value_is_refused_with_a_message_that_names_it(
    api: Caller, wrong: dict[str, Any], told: str
) -> None:
    answer = api("POST", "/api/systemusers", {**NEW, **wrong})
    assert answer.status == 400
    assert told in answer.json["message"]
    assert not User.objects.exists()


def test_all_reasons_are_told_on_request(api: Caller) -> None:
    wrong = {"username": "1lena", "email": "nowhere"}
    assert "e-mail" not in api("POST", "/api/systemusers", wrong).json["message"]
    answer = api("POST", "/api/systemusers?fullValidationDetails=true", wrong)
    assert "start with a letter" in answer.json["message"]
    assert "e-mail" in answer.json["message"]


@pytest.mark.parametrize(
    "taken",
    [
        {"username": "Mara.Voss"},
        {"email": "MARA.VOSS@example.org"},
        {"employeeIdentifier": "1007"},
    ],
)
def test_a_taken_value_refuses_the_whole_record(
    api: Caller, mara: User, taken: dict[str, str]
) -> None:
    answer = api("POST", "/api/systemusers", {**NEW, **taken})
    assert answer.status == 409
    assert answer.json["message"].startswith("Already Exists")
    other = api.post("/api/systemusers", NEW)
    assert api("PUT", f"/api/systemusers/{other['_id']}", taken).status == 409


def test_a_change_touches_only_what_is_sent(api: Caller, mara: User) -> None:
    answer = api("PUT", f"/api/systemusers/{mara.id}", {"jobTitle": "Head of Purchasing"})
    assert answer.status == 200
    assert answer.json["jobTitle"] == "Head of Purchasing"
    assert answer.json["department"] == "Purchasing"
    mara.refresh_from_db()
    assert mara.provenance["jobTitle"][0] == "api"
    assert "department" not in mara.provenance


def test_what_a_user_has_already_is_no_change(api: Caller, mara: User) -> None:
    api("PUT", f"/api/systemusers/{mara.id}", {"department": "Purchasing", "suspended": False})
    mara.refresh_from_db()
    assert not mara.provenance
    assert not Event.objects.filter(action="user.update").exists()


def test_attributes_are_replaced_as_a_whole_list(api: Caller, mara: User) -> None:
    address = f"/api/systemusers/{mara.id}"
    two = [{"name": "personioId", "value": "1007"}, {"name": "badge", "value": "7"}]
    assert api("PUT", address, {"attributes": two}).json["attributes"] == two
    assert api("PUT", address, {"attributes": two[1:]}).json["attributes"] == two[1:]


def test_a_manager_is_set_by_id_and_taken_away_with_null(api: Caller, mara: User) -> None:
    lena = api.post("/api/systemusers", {**NEW, "manager": mara.id})
    address = f"/api/systemusers/{lena['_id']}"
    assert lena["manager"] == mara.id
    assert api("PUT", address, {"manager": ""}).status == 400
    assert "itself" in api("PUT", address, {"manager": lena["_id"]}).json["message"]
    assert "manager" not in api("PUT", address, {"manager": None}).json


def test_nobody_comes_to_report_to_themselves_over_others(api: Caller, mara: User) -> None:
    lena = api.post("/api/systemusers", {**NEW, "manager": mara.id})["_id"]
    answer = api("PUT", f"/api/systemusers/{mara.id}", {"manager": lena})
    assert answer.status == 400
    assert answer.json["message"] == (
        f"manager “{lena}” is the id of somebody who reports to the user"
    )
    mara.refresh_from_db()
    assert mara.manager_id is None


def test_the_next_manager_of_the_reports_cannot_close_a_circle(api: Caller, mara: User) -> None:
    lena = api.post("/api/systemusers", {**NEW, "manager": mara.id})["_id"]
    below = {"username": "below", "email": "below@example.org", "manager": lena}
    successor = api.post("/api/systemusers", below)["_id"]
    answer = api("DELETE", f"/api/systemusers/{mara.id}?cascade_manager={successor}")
    assert answer.status == 400
    assert answer.json["message"].startswith(f"cascade_manager “{successor}”")
    assert User.objects.filter(pk=mara.id).exists()


def test_what_is_around_a_value_is_no_part_of_it(api: Caller) -> None:
    made = api.post("/api/systemusers", {**NEW, "jobTitle": " Buyer\n", "department": " "})
    assert (made["jobTitle"], made["department"]) == ("Buyer", "")


def test_a_user_is_suspended_and_comes_back_by_state_or_by_the_older_flag(
    api: Caller, mara: User
) -> None:
    address = f"/api/systemusers/{mara.id}"
    assert api("PUT", address, {"state": "SUSPENDED"}).json["suspended"] is True
    assert api("PUT", address, {"state": "ACTIVATED"}).json["suspended"] is False
    assert api("PUT", address, {"suspended": True}).json["state"] == "SUSPENDED"
    assert api("PUT", address, {"suspended": False}).json["state"] == "ACTIVATED"
    both = [{"id": mara.id, "suspended": True}, {"id": mara.id, "suspended": False}]
    api("PATCH", "/api/v2/bulk/users", both)
    assert api.get(address)["state"] == "ACTIVATED"
    refused = api("PUT", address, {"state": "SUSPENDED", "suspended": False})
    assert refused.json["message"] == (
        "Cannot save conflicting state and suspended fields. (state=SUSPENDED suspended=false)"
    )


def test_a_user_never_returns_to_staged(api: Caller, mara: User) -> None:
    answer = api("PUT", f"/api/systemusers/{mara.id}", {"state": "STAGED"})
    assert answer.status == 400
    assert "STAGED" in answer.json["message"]


@pytest.mark.parametrize("body", [None, {}, {"email": False}, {"email": "other@example.org"}])
def test_a_staged_user_is_activated(api: Caller, mara: User, body: Any) -> None:
    User.objects.update(state="STAGED")
    address = f"/api/systemusers/{mara.id}/state/activate"
    assert api("POST", address, body).status == 200
    assert api("POST", address, body).status == 200
    assert api.get(f"/api/systemusers/{mara.id}")["state"] == "ACTIVATED"


def test_a_suspended_user_is_neither_activated_nor_unlocked(api: Caller, mara: User) -> None:
    User.objects.update(state="SUSPENDED")
    assert api("POST", f"/api/systemusers/{mara.id}/state/activate", {}).status == 400
    assert api("POST", f"/api/systemusers/{mara.id}/unlock").status == 400


def test_accounts_are_unlocked_and_passwords_expired(api: Caller, mara: User) -> None:
    User.objects.update(account_locked=True)
    assert api("POST", f"/api/systemusers/{mara.id}/unlock").status == 200
    assert api("POST", f"/api/systemusers/{mara.id}/expire").status == 200
    found = api.get(f"/api/systemusers/{mara.id}")
    assert (found["account_locked"], found["password_expired"]) == (False, True)


def test_of_a_password_only_the_fact_is_kept(api: Caller) -> None:
    made = api.post("/api/systemusers", {**NEW, "password": "a long enough one"})
    assert made["activated"] is True
    assert "a long enough one" not in str(list(User.objects.values())) + str(
        list(Event.objects.values())
    )


def test_a_password_opens_the_user_portal(api: Caller) -> None:
    api.post("/api/systemusers", {**NEW, "state": "ACTIVATED", "password": "a quiet river in may"})
    browser = Client()
    form = {"login": NEW["username"], "password": "a quiet river in may"}
    assert browser.post("/account/sign-in/", form).status_code == 302
    assert browser.get("/me/").status_code == 200


def test_a_weak_password_is_refused_with_all_that_came_with_it(api: Caller, mara: User) -> None:
    refused = api("POST", "/api/systemusers", {**NEW, "password": "password"})
    assert refused.status == 400
    assert not User.objects.filter(username=NEW["username"]).exists()
    body = {"firstname": "Somebody", "password": "password"}
    assert api("PUT", f"/api/systemusers/{mara.id}", body).status == 400
    assert User.objects.get(pk=mara.pk).firstname == mara.firstname


def test_nobody_who_writes_users_sets_an_administrators_password(api: Caller, mara: User) -> None:
    boss = services.create(TESTER, "boss@example.org", {Role.ADMINISTRATOR}, password="x" * 20)
    services.link(TESTER, boss, mara)
    User.objects.update(state="ACTIVATED")
    body = {"password": "a quiet river in may"}
    assert api("PUT", f"/api/systemusers/{mara.id}", body).status == 400
    assert Account.objects.get(pk=boss.pk).check_password("x" * 20)


def test_the_reports_of_a_deleted_manager_get_the_next_one_or_none(api: Caller, mara: User) -> None:
    boss = api.post("/api/systemusers", {"username": "boss", "email": "boss@example.org"})
    lena = api.post("/api/systemusers", {**NEW, "manager": mara.id})
    bad = api("DELETE", f"/api/systemusers/{mara.id}?cascade_manager={mara.id}")
    assert bad.status == 400
    gone = api("DELETE", f"/api/systemusers/{mara.id}?cascade_manager={boss['_id']}")
    assert gone.json["username"] == "mara.voss"
    assert api.get(f"/api/systemusers/{lena['_id']}")["manager"] == boss["_id"]
    assert api("DELETE", f"/api/systemusers/{boss['_id']}?cascade_manager=null").status == 200
    assert "manager" not in api.get(f"/api/systemusers/{lena['_id']}")


def test_an_unknown_user_is_not_found(api: Caller) -> None:
    for method, rest in (("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/unlock")):
        address = f"/api/systemusers/65f0c0ffee0000000000a001{rest}"
        assert api(method, address, {} if method == "PUT" else None).status == 404


def test_a_username_that_an_application_knows_does_not_change(api: Caller, mara: User) -> None:
    group = api.post("/api/v2/usergroups", {"name": "Buyers"})["id"]
    app = {"name": "bookmark", "config": {}, "ssoUrl": "https://intra.example.org"}
    app_id = api.post("/api/applications", app)["_id"]
    edge = {"op": "add", "type": "user", "id": mara.id}
    api.post(f"/api/v2/usergroups/{group}/members", edge)
    address = f"/api/systemusers/{mara.id}"
    assert api("PUT", address, {"username": "mara.v"}).status == 200
    bind = {"op": "add", "type": "application", "id": app_id}
    api.post(f"/api/v2/usergroups/{group}/associations", bind)
    assert "bound" in api("PUT", address, {"username": "mara.voss"}).json["message"]


def test_every_write_is_in_the_audit_trail_with_before_and_after(api: Caller, mara: User) -> None:
    api("PUT", f"/api/systemusers/{mara.id}", {"jobTitle": "Buyer"})
    api("PUT", f"/api/systemusers/{mara.id}", {"jobTitle": "Buyer"})
    entry = Event.objects.get(action="user.update")
    assert (entry.actor_name, entry.door, entry.client_ip) == ("tests", "api", "127.0.0.1")
    assert (entry.before, entry.after) == ({"jobTitle": ""}, {"jobTitle": "Buyer"})


@pytest.mark.parametrize("body", ['{"a": NaN}', "{", '"\\ud800"', "[" * 100_000])
def test_a_body_that_is_no_json_is_refused(api: Caller, body: str) -> None:
    answer = api._client.generic(
        "POST",
        "/api/systemusers",
        body,
        content_type="application/json",
        headers={"x-api-key": api.key},
    )
    assert answer.status_code == 400
    assert "message" in answer.json()
