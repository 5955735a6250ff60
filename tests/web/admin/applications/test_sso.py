"""The SSO tab: set up from a preset, addresses, the secret shown once, and the test."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import translation

from rollcall.access.oidc import clients
from rollcall.access.oidc.clients import Registration
from rollcall.access.oidc.digests import digest
from rollcall.access.oidc.models import Client
from rollcall.access.oidc.redirect_addresses import refusal
from rollcall.access.presets import PRESETS
from rollcall.accounts import activation, services
from rollcall.audit.models import Event
from rollcall.core.outgoing import addresses as outgoing
from rollcall.directory.models import Application, Association, Membership, User
from rollcall.directory.services import HAND
from rollcall.imports.models import TargetChoice
from rollcall.web.admin.applications import verdict
from rollcall.web.admin.applications.forms.addresses import REASONS
from tests.actors import ADMIN, TESTER
from tests.web.world import PASSWORD, World, just_proved

pytestmark = pytest.mark.django_db

CALLBACK = "https://wiki.example.com/callback"
BACKEND = "rollcall.accounts.backend.AccountBackend"


@pytest.fixture(autouse=True)
def _base_address(settings: Any) -> None:
    settings.BASE_URL = "https://rollcall.example.com"


@pytest.fixture
def wiki(world: World) -> Application:
    """An application that is not set up yet, bound to the world's group."""
    made = Application.objects.create(name="custom-oidc", displayLabel="Wiki", active=True)
    Association.objects.create(application=made, group=world.group)
    return made


@pytest.fixture
def client_of_wiki(wiki: Application) -> Client:
    """The same, set up."""
    return clients.register(TESTER, wiki, Registration([CALLBACK]))[0]


def tab(application: Application, rest: str = "") -> str:
    return f"/applications/{application.pk}/sso/{rest}"


def page(browser: Browser, application: Application) -> str:
    return browser.get(f"/applications/{application.pk}/?tab=sso").content.decode()


def set_up(browser: Browser, application: Application, **form: str) -> Any:
    typed = {"client_type": "confidential", "redirect_uris": CALLBACK, "action": "register", **form}
    return browser.post(tab(application), typed)


def addresses(client: Client, **changes: str) -> dict[str, str]:
    return {
        "redirect_uris": "\r\n".join(client.redirect_addresses),
        "post_logout_redirect_uris": "",
        "initiate_login_uri": "",
        "id_token_signed_response_alg": "RS256",
        "action": "addresses",
        **changes,
    }


def test_the_tabs_are_those_of_an_application_that_signs_on(
    admin: Browser, wiki: Application
) -> None:
    shown = page(admin, wiki)
    tabs = re.findall(r'id="tab-([a-z-]+)"', shown)
    assert tabs == ["general-info", "sso", "identity-management", "user-groups"]
    assert "Application URL" in shown


def test_personio_is_an_import_and_signs_on(admin: Browser, world: World) -> None:
    shown = page(admin, world.application)
    assert re.findall(r'id="tab-([a-z-]+)"', shown) == [
        "general-info",
        "sso",
        "bookmark",
        "identity-management",
        "user-groups",
    ]
    assert "Callback URI from Personio" in shown


def test_setting_up_shows_the_secret_once_and_keeps_its_digest(
    admin: Browser, wiki: Application
) -> None:
    answer = set_up(admin, wiki)
    assert answer["Location"] == tab(wiki, "secret/")
    shown = admin.get(answer["Location"]).content.decode()
    found = re.search(r"rcs_[\w-]+", shown)
    assert found
    client = Client.objects.get(application=wiki)
    assert client.client_secret == digest(found[0])
    assert client.client_id in shown
    assert admin.get(answer["Location"])["Location"].endswith("?tab=sso")
    assert found[0] not in page(admin, wiki)
    assert found[0] not in str(Event.objects.values())


def test_the_tab_says_what_the_application_has_to_be_told(
    admin: Browser, client_of_wiki: Client, wiki: Application
) -> None:
    shown = page(admin, wiki)
    assert client_of_wiki.client_id in shown
    for address in ("", "/.well-known/openid-configuration", "/oauth2/auth", "/oauth2/token"):
        assert f'data-copy="https://rollcall.example.com{address}"' in shown


def test_sent_twice_it_is_set_up_once(admin: Browser, wiki: Application) -> None:
    answers = [set_up(admin, wiki, form="the-key-of-this-form") for _ in range(2)]
    assert {answer["Location"] for answer in answers} == {tab(wiki, "secret/")}
    assert Client.objects.count() == 1


def test_a_public_client_has_no_secret_to_show(admin: Browser, wiki: Application) -> None:
    answer = set_up(admin, wiki, client_type="public", redirect_uris="com.example.app:/callback")
    assert answer["Location"].endswith("?tab=sso")
    assert Client.objects.get().is_public
    assert "Replace the secret" not in page(admin, wiki)
    assert admin.post(tab(wiki), {"action": "rotate"}).status_code == 404


@pytest.mark.parametrize("address", ["", "http://wiki.example.com/", "https://*.example.com/x"])
def test_an_address_that_cannot_be_taken_is_named_and_what_was_typed_stays(
    admin: Browser, wiki: Application, address: str
) -> None:
    answer = set_up(admin, wiki, redirect_uris=address, client_type="public")
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="sso_redirect_uris_error"' in shown
    assert address in shown
    assert not Client.objects.exists()


def test_a_preset_fills_the_addresses_from_its_blank(admin: Browser, world: World) -> None:
    grafana = Application.objects.create(name="grafana", displayLabel="Grafana", active=True)
    set_up(admin, grafana, redirect_uris="", blank_host="https://grafana.example.org/")
    client = Client.objects.get(application=grafana)
    assert client.redirect_addresses == ["https://grafana.example.org/login/generic_oauth"]
    assert client.post_logout_addresses == ["https://grafana.example.org/login"]
    assert client.initiate_login_uri == "https://grafana.example.org/login/generic_oauth"


def test_a_blank_that_does_not_fit_is_named(admin: Browser, world: World) -> None:
    shown = set_up(admin, world.application, redirect_uris="", blank_callback="nowhere")
    assert 'id="sso_blank_callback_error"' in shown.content.decode()
    assert 'value="nowhere"' in shown.content.decode()
    assert not Client.objects.exists()


def test_addresses_are_changed_and_two_people_are_told_of_each_other(
    admin: Browser, client_of_wiki: Client, wiki: Application
) -> None:
    found = re.search(r'name="seen" value="([^"]*)"[^>]*id="sso_seen"', page(admin, wiki))
    assert found
    seen = found[1].replace("&quot;", '"')
    changed = addresses(client_of_wiki, initiate_login_uri="https://wiki.example.com/login")
    assert admin.post(tab(wiki), changed | {"seen": seen})["Location"].endswith("?tab=sso")
    client = Client.objects.get()
    assert client.initiate_login_uri == "https://wiki.example.com/login"
    theirs = addresses(client_of_wiki, initiate_login_uri="https://wiki.example.com/other")
    answer = admin.post(tab(wiki), theirs | {"seen": seen})
    assert "somebody else has written" in answer.content.decode()
    assert Client.objects.get().initiate_login_uri == "https://wiki.example.com/login"


def test_the_application_can_be_told_who_is_out(
    admin: Browser, client_of_wiki: Client, wiki: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    logout = addresses(client_of_wiki, backchannel_logout_uri="https://wiki.example.com/out")
    refused = admin.post(tab(wiki), logout).content.decode()
    assert "ROLLCALL_ALLOWED_ADDRESSES" in refused
    monkeypatch.setattr(outgoing, "_operators", list(outgoing.entries("https://wiki.example.com")))
    more = {"id_token_signed_response_alg": "ES256", "has_own_tokens": "on"}
    assert admin.post(tab(wiki), logout | more).status_code == 302
    client = Client.objects.get()
    assert client.backchannel_logout_uri == "https://wiki.example.com/out"
    assert client.id_token_signed_response_alg == "ES256"
    assert client.has_own_tokens
    assert client.redirect_addresses == [CALLBACK]


def test_attributes_are_mapped_in_rows(
    admin: Browser, client_of_wiki: Client, wiki: Application
) -> None:
    row = {"rule_0_name": "department", "rule_0_kind": "attribute", "rule_0_value": "department"}
    assert admin.post(tab(wiki), addresses(client_of_wiki, **row)).status_code == 302
    assert Client.objects.get().claims == [
        {"name": "department", "kind": "attribute", "value": "department"}
    ]
    assert 'value="department"' in page(admin, wiki)
    reserved = addresses(client_of_wiki, **{**row, "rule_0_name": "sub"})
    shown = admin.post(tab(wiki), reserved).content.decode()
    assert "This name is the protocol&#x27;s own." in shown
    assert Client.objects.get().claims[0]["name"] == "department"


def test_the_secret_is_replaced_after_a_question_and_once(
    admin: Browser, client_of_wiki: Client, wiki: Application
) -> None:
    before = client_of_wiki.client_secret
    form = {"action": "rotate", "form": "the-key-of-this-form"}
    assert "Replace the client secret of Wiki?" in admin.post(tab(wiki), form).content.decode()
    assert Client.objects.get().client_secret == before
    for _ in range(2):
        assert admin.post(tab(wiki), {**form, "confirmed": "yes"})["Location"] == tab(
            wiki, "secret/"
        )
    assert Client.objects.get().client_secret != before
    assert Event.objects.filter(action="sso.client.rotate").count() == 1


def test_whoever_has_not_just_proved_who_they_are_is_asked_first(
    admin: Browser, world: World, wiki: Application
) -> None:
    just_proved(admin, world.people["administrator"], ago=3600)
    assert "/account/" in set_up(admin, wiki)["Location"]
    assert not Client.objects.exists()


def test_without_an_address_of_its_own_nothing_is_set_up(
    admin: Browser, wiki: Application, settings: Any
) -> None:
    settings.BASE_URL = ""
    assert "ROLLCALL_BASE_URL" in page(admin, wiki)
    assert set_up(admin, wiki).status_code == 200
    assert not Client.objects.exists()


def test_where_the_cloud_is_the_directory_nothing_is_set_up(
    admin: Browser, wiki: Application
) -> None:
    choice = TargetChoice.the()
    choice.target = "jumpcloud"
    choice.save()
    assert "single sign-on are the cloud's" in page(admin, wiki).replace("&#x27;", "'")
    assert set_up(admin, wiki).status_code == 200
    assert not Client.objects.exists()


def test_a_bookmark_has_no_such_tab(admin: Browser, world: World) -> None:
    bookmark = Application.objects.create(name="bookmark", displayLabel="Intranet", active=True)
    assert 'id="tab-sso"' not in page(admin, bookmark)
    assert set_up(admin, bookmark).status_code == 404


def test_a_reader_sees_the_addresses_and_cannot_change_them(
    client: Browser, world: World, client_of_wiki: Client, wiki: Application
) -> None:
    client.force_login(world.people["read_only"], backend=BACKEND)
    shown = page(client, wiki)
    assert client_of_wiki.client_id in shown
    assert 'value="addresses"' not in shown
    assert "Replace the secret" not in shown
    assert "Test single sign-on" not in shown


def test_an_application_for_single_sign_on_needs_no_address_and_is_set_up_next(
    admin: Browser, world: World
) -> None:
    form = {"displayLabel": "Wiki", "ssoUrl": "", "action": "activate"}
    answer = admin.post("/applications/new/custom-oidc/", form)
    made = Application.objects.get(displayLabel="Wiki")
    assert answer["Location"] == f"/applications/{made.pk}/?tab=sso"


def test_an_error_of_the_address_opens_the_tab_that_has_it(admin: Browser, world: World) -> None:
    form = {"displayLabel": "Wiki", "ssoUrl": "javascript:x", "action": "activate"}
    shown = admin.post("/applications/new/custom-oidc/", form).content.decode()
    assert re.search(r'active show"\s+id="general-info"', shown)


def test_the_test_says_who_gets_in_and_what_the_application_gets(
    admin: Browser, world: World, client_of_wiki: Client, wiki: Application
) -> None:
    activation.give_password(ADMIN, HAND, world.user.pk, PASSWORD, must_change=False)
    shown = tried(admin, wiki, "Amelie.Brandt")
    assert "They would get in." in shown
    assert "the default for applications decides" in shown
    assert world.user.pk in shown
    assert "[&quot;Everyone in Munich&quot;]" in shown


def test_the_test_says_why_somebody_does_not_get_in(
    admin: Browser, world: World, client_of_wiki: Client, wiki: Application
) -> None:
    assert "The user has no account yet" in tried(admin, wiki, world.user.email)
    activation.give_password(ADMIN, HAND, world.user.pk, PASSWORD, must_change=False)
    Membership.objects.all().delete()
    shown = tried(admin, wiki, world.user.email)
    assert "They would not get in." in shown
    assert "in no user group that the application is bound to" in shown
    assert "aud" not in shown
    assert "There is no such user." in tried(admin, wiki, "nobody")
    assert "Write an IP address" in tried(admin, wiki, world.user.email, ip="somewhere")


def test_an_administrator_who_is_a_user_tries_it_as_themselves(
    admin: Browser, world: World, client_of_wiki: Client, wiki: Application
) -> None:
    services.link(TESTER, world.people["administrator"], world.user)
    shown = admin.get(tab(wiki, "test/")).content.decode()
    assert "amelie.brandt: They would get in." in shown


def test_what_is_not_set_up_cannot_be_tried(admin: Browser, wiki: Application) -> None:
    assert admin.get(tab(wiki, "test/")).status_code == 404


def tried(browser: Browser, application: Application, user: str, ip: str = "192.0.2.7") -> str:
    return browser.post(tab(application, "test/"), {"user": user, "ip": ip}).content.decode()


def test_every_reason_is_said_in_both_languages() -> None:
    bad = ["", "wiki", "http://x.example.com/", "https://ü.example/", "https://x.example/#a"]
    assert {refusal(address) for address in bad} <= {*REASONS, ""}
    steps = {step for preset in PRESETS.values() for step in preset.guide}
    labels = {blank.label for preset in PRESETS.values() for blank in preset.blanks}
    with translation.override("de"):
        for text in {*REASONS, *steps, *labels, *verdict.REASONS.values()}:
            assert translation.gettext(str(text)), text
        assert {text for text in steps | labels if translation.gettext(text) == text} == set()


def test_no_user_is_made_a_client_by_looking(admin: Browser, wiki: Application) -> None:
    assert admin.get(tab(wiki))["Location"].endswith("?tab=sso")
    assert not Client.objects.exists()
    assert User.objects.count() == 3
