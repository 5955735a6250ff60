"""What the vendor's own clients send: its PowerShell module, its SDKs for Python and Ruby."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from rollcall.accounts import api_keys
from rollcall.accounts.models import Role
from rollcall.audit.models import Event
from rollcall.directory.models import Organization, User
from tests.actors import TESTER
from tests.api.conftest import Caller

SEARCH = "/api/search/systemusers"


def usernames(found: Any) -> list[str]:
    return sorted(user["username"] for user in found["results"])


@pytest.fixture
def api(key: str) -> Caller:
    """A caller not held against the contract, from which these clients differ."""
    return Caller(key)


@pytest.fixture
def ada(mara: User) -> User:
    return User.objects.create(
        username="ada", email="ada@example.org", recoveryEmail="home@example.org", state="ACTIVATED"
    )


@pytest.mark.parametrize(
    "address", ["/api/Systemusers/{}", "/api/systemusers/{}/", "/api/SYSTEMUSERS/{}/"]
)
def test_an_address_is_served_in_whatever_case_and_with_a_slash(
    api: Caller, mara: User, address: str
) -> None:
    assert api.get(address.format(mara.id))["username"] == "mara.voss"
    assert api("PUT", address.format(mara.id), {"jobTitle": "Buyer"}).json["jobTitle"] == "Buyer"


def test_a_spelling_opens_nothing_that_a_key_may_not(api: Caller) -> None:
    organization = Organization.the().id
    api.key = api_keys.create(TESTER, "manager", Role.MANAGER)[1]
    for address in ("/api/organizations/", "/api/Organizations/"):
        refused = api("PUT", f"{address}{organization}", {"settings": {"name": "Taken over"}})
        assert refused.status == 403
    assert api("PUT", f"/api/organizations/{organization}/", {}).status == 403
    api.key = api_keys.create(TESTER, "reader", Role.READ_ONLY)[1]
    assert api("POST", "/api/Search/SystemUsers/", {}).status == 200
    assert api("POST", "/scim/v2/users/", {}).json["status"] == "403"
    assert Event.objects.filter(action="key.refused", door="scim").exists()


def test_users_are_read_by_the_thousand(api: Caller) -> None:
    User.objects.bulk_create(
        User(username=f"u{number}", email=f"u{number}@example.org") for number in range(1010)
    )
    asked = {"filter": [{}], "limit": 1000, "skip": 0}
    found = api.post(f"{SEARCH}?limit=1000&skip=0", asked)
    assert (found["totalCount"], len(found["results"])) == (1010, 1000)
    rest = api.post(f"{SEARCH}?limit=1000&skip=1000", {**asked, "skip": 1000})
    assert len(rest["results"]) == 10
    assert api("POST", SEARCH, {"limit": 1001}).json == {
        "message": 'Bad Request: request parameter "limit" exceeds maximum value of 1000'
    }


def test_a_search_may_say_in_the_address_what_others_say_in_the_body(
    api: Caller, ada: User
) -> None:
    words = {"limit": 1, "skip": 1, "fields": "username", "sort": "-username"}
    query = urlencode({**words, "filter": "state:$eq:ACTIVATED"})
    bodies: tuple[Any, ...] = (None, {})
    for body in bodies:
        found = api.post(f"{SEARCH}?{query}", body)
        assert (found["totalCount"], usernames(found)) == (2, ["ada"])
        assert set(found["results"][0]) == {"_id", "username"}
    assert usernames(api.post(f"{SEARCH}?{query}", {"skip": 0})) == ["mara.voss"]
    assert len(api.post(SEARCH)["results"]) == 2


@pytest.mark.parametrize(
    ("address", "body"),
    [
        (SEARCH, {"filters": [{"username": "ada"}]}),
        (SEARCH, {"searchFilter": {"searchTerm": "ada", "field": ["username"]}}),
        (f"{SEARCH}?where=username", {}),
    ],
)
def test_a_search_by_an_unknown_key_is_refused_and_not_answered_with_everybody(
    api: Caller, ada: User, address: str, body: Any
) -> None:
    assert api("POST", address, body).status == 400


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"totp_enabled": False}, ["ada", "mara.voss"]),
        ({"totp_enabled": True}, []),
        ({"sudo": "false"}, ["ada", "mara.voss"]),
        ({"mfa.configured": True}, []),
        ({"mfa.configured": {"$ne": True}}, ["ada", "mara.voss"]),
        ({"mfaEnrollment.overallStatus": "NOT_ENROLLED"}, ["ada", "mara.voss"]),
        ({"recoveryEmail.address": "home@example.org"}, ["ada"]),
        ({"recoveryEmail.address": {"$regex": "(?i)^HOME"}}, ["ada"]),
        ({"password_expiration_date": {"$lt": "2030-01-01T00:00:00"}}, []),
        ({"password_expiration_date": {"$exists": False}}, ["ada", "mara.voss"]),
        ({"external_dn": {"$in": ["", "x"]}}, ["ada", "mara.voss"]),
        ({"external_source_type": {"$regex": "(?i)(^ad$)"}}, []),
    ],
)
def test_users_are_found_by_every_field_that_is_shown(
    api: Caller, ada: User, condition: dict[str, Any], expected: list[str]
) -> None:
    assert usernames(api.post(SEARCH, {"filter": {"and": [condition]}})) == expected
    alternative = [condition, {"username": "ada"}]
    found = usernames(api.post(SEARCH, {"filter": {"or": alternative}}))
    assert found == sorted({*expected, "ada"})


@pytest.mark.parametrize(
    "condition",
    [{"totp_enabled": "maybe"}, {"sudo": {"$like": 1}}, {"external_dn": {"$regex": "["}}],
)
def test_a_comparison_of_a_fixed_field_that_cannot_be_is_refused(
    api: Caller, condition: dict[str, Any]
) -> None:
    assert api("POST", SEARCH, {"filter": [condition]}).status == 400


def test_the_module_reads_the_settings_when_it_signs_in(api: Caller) -> None:
    settings = api.get("/api/settings")
    organization = Organization.the()
    assert settings["ORG_ID"] == organization.id
    assert settings["SETTINGS"]["name"] == settings["ORG_NAME"] == organization.displayName


def test_filters_joined_by_commas_must_all_fit(api: Caller) -> None:
    for name, description in (("A", "b"), ("B", "b"), ("Sales, north", "c")):
        api.post("/api/v2/usergroups", {"name": name, "description": description})

    def found(text: str) -> list[str]:
        groups = api.get("/api/v2/usergroups?" + urlencode({"filter": text, "sort": "name"}))
        return [group["name"] for group in groups]

    assert found("name:eq:A,description:eq:b") == ["A"]
    assert found("name:between:A,B,description:eq:b") == ["A", "B"]
    assert found("name:eq:Sales, north") == ["Sales, north"]
    assert found("type:eq:user_group,name:eq:B") == ["B"]
    assert found("type:eq:system_group") == []
    assert found("type:ne:system*,name:search:nor") == ["Sales, north"]
    assert api("GET", "/api/v2/usergroups?filter=name:eq:A,nonsense:eq:b").status == 400


def test_templates_are_filtered_and_sorted(api: Caller) -> None:
    found = api.get("/api/application-templates?filter=name:$eq:bookmark&fields=displayName")
    assert (found["totalCount"], found["results"][0]["name"]) == (1, "bookmark")
    assert "keywords" not in found["results"][0]
    rows = api.get("/api/application-templates?limit=100&sort=-displayName")["results"]
    labels = [row["displayName"] for row in rows]
    assert labels == sorted(labels, reverse=True)
    assert api("GET", "/api/application-templates?filter=nonsense:$eq:1").status == 400


def test_traversals_are_filtered(api: Caller, ada: User, mara: User) -> None:
    group = api.post("/api/v2/usergroups", {"name": "Buyers"})["id"]
    bookmark = {"name": "bookmark", "config": {}, "ssoUrl": "https://intra.example.org"}
    application = api.post("/api/applications", bookmark)["_id"]
    for user in (ada, mara):
        edge = {"op": "add", "type": "user", "id": user.id}
        api.post(f"/api/v2/usergroups/{group}/members", edge)
    binding = {"op": "add", "type": "application", "id": application}
    api.post(f"/api/v2/usergroups/{group}/associations", binding)
    for address, object_id, kind in (
        (f"usergroups/{group}/users", ada.id, "user"),
        (f"usergroups/{group}/membership", ada.id, "user"),
        (f"usergroups/{group}/applications", application, "application"),
        (f"applications/{application}/users", ada.id, "user"),
        (f"applications/{application}/usergroups", group, "user_group"),
        (f"users/{ada.id}/applications", application, "application"),
        (f"users/{ada.id}/memberof", group, "user_group"),
        (f"users/{ada.id}/usergroups", group, "user_group"),
    ):
        filters = f"type:eq:{kind},object_id:eq:{object_id}"
        [reached] = api.get(f"/api/v2/{address}?filter={filters}")
        assert reached["id"] == object_id
        assert api.get(f"/api/v2/{address}?filter=type:eq:system") == []
        assert api("GET", f"/api/v2/{address}?filter=nonsense:eq:1").status == 400


def test_a_change_of_what_is_not_kept_says_so(api: Caller, mara: User) -> None:
    address = f"/api/systemusers/{mara.id}"
    refused = api("PUT", address, {"sudo": True, "unix_uid": 5001})
    assert refused.status == 400
    assert refused.json["message"].endswith("does not keep sudo, unix_uid")
    assert api("PUT", address, {"sudo": False}).status == 200
    whole = api.get(address)
    assert api("PUT", address, whole).json == whole
    organization = Organization.the().id
    refused = api("PUT", f"/api/organizations/{organization}", {"logo": "x"})
    assert "does not keep logo" in refused.json["message"]
