"""Applications, their templates, and the organization's settings, as JumpCloud's v1 does it."""

from __future__ import annotations

from django.test import Client

from rollcall.access.oidc import clients
from rollcall.access.oidc.clients import Registration
from rollcall.access.saml import connections
from rollcall.access.saml.configuration import Configuration
from rollcall.accounts import api_keys
from rollcall.audit.models import Event
from rollcall.directory.models import Application, Organization
from tests.actors import TESTER
from tests.api.conftest import Caller

CALLBACK = "https://app.example.com/callback"

BOOKMARK = {
    "name": "bookmark",
    "displayLabel": "Intranet",
    "config": {},
    "ssoUrl": "https://intra.example.org",
}


def test_an_application_is_made_changed_listed_and_deleted(api: Caller) -> None:
    made = api.post("/api/applications", BOOKMARK)
    address = f"/api/applications/{made['_id']}"
    assert api.get(address) == made
    changed = api("PUT", address, {**BOOKMARK, "displayLabel": "Our intranet"}).json
    assert (changed["displayLabel"], changed["ssoUrl"]) == ("Our intranet", BOOKMARK["ssoUrl"])
    found = api.get("/api/applications?filter=displayLabel:$eq:Our intranet&sort=name")
    assert (found["totalCount"], found["results"]) == (1, [changed])
    [named] = api.get("/api/applications?fields=displayLabel")["results"]
    assert set(named) == {"_id", "name", "config", "ssoUrl", "displayLabel"}
    assert api("DELETE", address).json["_id"] == made["_id"]
    assert api("GET", address).status == 404
    assert Event.objects.filter(target_type="application").count() == 3


def test_an_application_needs_a_known_template(api: Caller) -> None:
    assert api("POST", "/api/applications", {**BOOKMARK, "name": "unheard-of"}).status == 400
    assert api("POST", "/api/applications", {"name": "bookmark"}).status == 400


def test_an_application_tells_how_it_signs_people_on_and_never_its_secret(api: Caller) -> None:
    made = api.post("/api/applications", {**BOOKMARK, "name": "custom-oidc"})
    assert made["sso"]["type"] == "bookmark"
    application = Application.objects.get(pk=made["_id"])
    client, secret = clients.register(TESTER, application, Registration([CALLBACK]))
    shown = api.get(f"/api/applications/{made['_id']}")
    assert shown["sso"] == {"type": "oidc", "beta": False, "hidden": False, "jit": False}
    assert shown["oidc"] == {
        "clientId": client.client_id,
        "grantTypes": ["authorization_code", "refresh_token"],
        "redirectUris": [CALLBACK],
        "ssoUrl": "",
        "tokenEndpointAuthMethod": "client_secret_basic",
    }
    assert api.get("/api/applications")["results"] == [shown]
    assert str(secret) not in str(shown)


def test_an_application_of_saml_shows_and_takes_its_config(api: Caller) -> None:
    configuration = Configuration("https://sp.example.com", ("https://sp.example.com/acs",))
    made = connections.create_application(TESTER, "Wiki", configuration, path="wiki")
    address = f"/api/applications/{made.application_id}"
    shown = api.get(address)
    assert (shown["sso"]["type"], shown["ssoUrl"].endswith("/saml2/wiki")) == ("saml", True)
    assert shown["sso"]["idpCertExpirationAt"].endswith("Z")
    assert shown["config"]["spEntityId"]["value"] == "https://sp.example.com"
    assert shown["config"]["acsUrl"]["value"] == "https://sp.example.com/acs"
    assert "PRIVATE KEY" not in str(shown)
    # What was read can be written back.
    config = shown["config"] | {
        "subjectField": {"value": "username"},
        "includeGroups": {"value": True},
        "databaseAttributes": {"value": [{"name": "mail", "value": "email"}]},
    }
    whole = {"name": shown["name"], "ssoUrl": shown["ssoUrl"], "config": config}
    changed = api("PUT", address, whole).json
    assert changed["config"]["subjectField"]["value"] == "username"
    made.refresh_from_db()
    assert [rule["name"] for rule in made.attributes] == ["mail", "memberOf"]
    for wrong in ({"acsUrl": {"value": "nowhere"}}, {"signAssertion": {"value": "yes"}}):
        assert api("PUT", address, {**whole, "config": wrong}).status == 400


def test_the_metadata_of_an_application_are_read_by_their_address(api: Caller) -> None:
    configuration = Configuration("https://sp.example.com", ("https://sp.example.com/acs",))
    made = connections.create_application(TESTER, "Wiki", configuration, path="wiki")
    owner = Organization.the().id
    there = f"/api/organizations/{owner}/applications/{made.application_id}/metadata.xml"
    key = api_keys.create(TESTER, "metadata")[1]
    answer = Client().get(there, headers={"x-api-key": key})
    assert (answer.status_code, b"IDPSSODescriptor" in answer.content) == (200, True)
    assert Client().get(there).status_code == 401
    assert api("GET", there.replace(owner, "5" * 24)).status == 404
    bookmark = api.post("/api/applications", BOOKMARK)["_id"]
    assert api("GET", there.replace(made.application_id, bookmark)).status == 404


def test_templates_are_listed_and_read_by_id(api: Caller) -> None:
    found = api.get("/api/application-templates?limit=100")
    by_name = {one["name"]: one for one in found["results"]}
    assert {"personio", "bookmark"} <= set(by_name)
    assert found["totalCount"] == len(by_name)
    personio = by_name["personio"]
    assert (personio["sso"]["type"], by_name["bookmark"]["sso"]["type"]) == ("oidc", "bookmark")
    assert api.get(f"/api/application-templates/{personio['_id']}") == personio
    assert api("GET", "/api/application-templates/unheard-of").status == 404


def test_the_organization_and_its_default_states(api: Caller) -> None:
    [one] = api.get("/api/organizations")["results"]
    assert api.post("/api/search/organizations", {})["results"] == [one]
    address = f"/api/organizations/{one['_id']}"
    before = api.get(address)["settings"]["newSystemUserStateDefaults"]
    assert before == {
        "manualEntry": "ACTIVATED",
        "csvImport": "STAGED",
        "applicationImport": "STAGED",
    }
    wanted = {"settings": {"newSystemUserStateDefaults": {"applicationImport": "ACTIVATED"}}}
    answer = api("PUT", address, wanted)
    assert answer.json["settings"]["newSystemUserStateDefaults"] == {
        **before,
        "applicationImport": "ACTIVATED",
    }
    entry = Event.objects.get(action="organization.update")
    assert entry.before == {"applicationImport": "STAGED"}


def test_new_users_are_never_suspended_by_default(api: Caller) -> None:
    address = f"/api/organizations/{Organization.the().id}"
    wrong = {"settings": {"newSystemUserStateDefaults": {"manualEntry": "SUSPENDED"}}}
    assert api("PUT", address, wrong).status == 400


def test_another_organization_is_not_found(api: Caller) -> None:
    assert api("GET", "/api/organizations/65f0c0ffee00000000000001").status == 404
