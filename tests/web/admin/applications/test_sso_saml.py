"""The SSO tab for SAML: set up by metadata, a preset or by hand, changed, certified, tried."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from rollcall.access.attribute_mapping import ClaimRule, Kind
from rollcall.access.saml import connections
from rollcall.access.saml.models import Connection
from rollcall.accounts import activation
from rollcall.audit.models import Event
from rollcall.directory.models import Application, Association
from rollcall.directory.services import HAND
from tests.actors import ADMIN
from tests.web.world import PASSWORD, World

pytestmark = pytest.mark.django_db

ENTITY = "https://wiki.example.com/saml"
ACS = "https://wiki.example.com/saml/acs"
METADATA = f"""<?xml version="1.0"?>
<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{ENTITY}">
  <SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <AssertionConsumerService index="0" isDefault="true" Location="{ACS}"
      Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"/>
  </SPSSODescriptor>
</EntityDescriptor>"""


@pytest.fixture(autouse=True)
def _base_address(settings: Any) -> None:
    settings.BASE_URL = "https://rollcall.example.com"


@pytest.fixture
def slack(world: World) -> Application:
    """An application that is not set up yet, bound to the world's group."""
    made = Application.objects.create(name="slack", displayLabel="Slack", active=True)
    Association.objects.create(application=made, group=world.group)
    return made


def tab(application: Application, rest: str = "") -> str:
    return f"/applications/{application.pk}/sso/{rest}"


def page(browser: Browser, application: Application) -> str:
    return browser.get(f"/applications/{application.pk}/?tab=sso").content.decode()


def set_up(browser: Browser, application: Application, **form: Any) -> Any:
    return browser.post(tab(application), {"action": "register", **form})


def as_sent(browser: Browser, application: Application) -> dict[str, str]:
    """The tab's form as a browser sends it unchanged."""
    shown = browser.get(f"/applications/{application.pk}/?tab=sso")
    form = shown.context["sso"].form
    sent = {field.html_name: field.value() for field in form}
    return {name: "on" if value is True else value for name, value in sent.items() if value}


def test_a_preset_is_filled_in_and_its_attributes_come_along(
    admin: Browser, slack: Application
) -> None:
    answer = set_up(admin, slack, blank_host="mycompany.slack.com")
    assert answer["Location"].endswith("?tab=sso")
    set_ = Connection.objects.get(application=slack).configuration
    assert (set_.sp_entity_id, set_.acs_urls) == (
        "https://slack.com",
        ("https://mycompany.slack.com/sso/saml",),
    )
    assert (set_.name_id_attribute, set_.name_id_format.rpartition(":")[2]) == ("id", "persistent")
    assert ClaimRule("User.Email", Kind.ATTRIBUTE, "email") in set_.attributes
    shown = page(admin, slack)
    assert f'data-copy="https://rollcall.example.com/saml2/{slack.pk}"' in shown
    assert "Ends on" in shown
    assert 'value="User.Email"' in shown


def test_what_is_copied_from_there_keeps_the_attributes_of_the_preset(
    admin: Browser, world: World
) -> None:
    jira = Application.objects.create(name="atlassian", displayLabel="Jira", active=True)
    set_up(admin, jira, sp_entity_id=ENTITY, acs_urls=ACS)
    set_ = Connection.objects.get().configuration
    assert (set_.sp_entity_id, set_.acs_urls) == (ENTITY, (ACS,))
    assert [rule.value for rule in set_.attributes] == ["firstname", "lastname", "id"]


def test_metadata_fill_in_everything(admin: Browser, slack: Application) -> None:
    set_up(admin, slack, metadata=SimpleUploadedFile("sp.xml", METADATA.encode()))
    set_ = Connection.objects.get(application=slack).configuration
    assert (set_.sp_entity_id, set_.acs_urls) == (ENTITY, (ACS,))


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"blank_host": "nowhere"}, "Write the host alone"),
        ({"acs_urls": ACS}, "Enter it, or upload the metadata."),
        ({"sp_entity_id": ENTITY, "acs_urls": "http://x.example.com"}, "An address has to begin"),
        ({"metadata": SimpleUploadedFile("sp.xml", b"<x/>")}, "This is not the metadata"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_made(
    admin: Browser, slack: Application, form: dict[str, Any], said: str
) -> None:
    answer = set_up(admin, slack, **form)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Connection.objects.exists()


def test_what_is_changed_is_kept_and_the_rest_stays(admin: Browser, slack: Application) -> None:
    set_up(admin, slack, blank_host="mycompany.slack.com")
    sent = as_sent(admin, slack)
    change = {"rule_4_name": "groups", "rule_4_kind": "groups", "session_seconds": "3600"}
    assert admin.post(tab(slack), sent | change).status_code == 302
    set_ = Connection.objects.get().configuration
    assert set_.session_seconds == 3600
    assert set_.attributes[-1] == ClaimRule("groups", Kind.GROUPS)
    assert len(set_.attributes) == 5
    assert set_.sign_response
    assert admin.post(tab(slack), as_sent(admin, slack)).status_code == 302
    assert Event.objects.filter(action="sso.client.update").count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rule_0_value": "shoe size"}, "Choose one of:"),
        ({"rule_4_name": "User.Email", "rule_4_value": "email"}, "in one row only"),
        ({"sp_certificate": "no certificate"}, "This is no certificate"),
        ({"session_seconds": "1"}, "out of range"),
        ({"sign_response": "", "sign_assertion": ""}, "unsigned, nobody believes it"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field(
    admin: Browser, slack: Application, change: dict[str, str], said: str
) -> None:
    set_up(admin, slack, blank_host="mycompany.slack.com")
    sent = {name: value for name, value in (as_sent(admin, slack) | change).items() if value}
    answer = admin.post(tab(slack), sent)
    assert said in answer.content.decode()
    assert not Event.objects.filter(action="sso.client.update").exists()


def test_a_new_certificate_waits_until_it_is_let_sign(admin: Browser, slack: Application) -> None:
    set_up(admin, slack, blank_host="mycompany.slack.com")
    connection = Connection.objects.get()
    first = connection.certificates.get().fingerprint
    admin.post(tab(slack), {"action": "rotate", "form": "the-key-of-this-form"})
    admin.post(tab(slack), {"action": "rotate", "form": "the-key-of-this-form"})
    second = connection.certificates.exclude(fingerprint=first).get().fingerprint
    assert order(page(admin, slack)) == [first, second]
    use = {"action": "use", "certificate": second}
    assert "Let the new certificate sign?" in admin.post(tab(slack), use).content.decode()
    admin.post(tab(slack), use | {"confirmed": "yes"})
    assert order(page(admin, slack)) == [second, first]
    admin.post(tab(slack), {"action": "remove", "certificate": first, "confirmed": "yes"})
    assert order(page(admin, slack)) == [second]


def order(shown: str) -> list[str]:
    return re.findall(r'text-break-word">([0-9a-f]{64})<', shown)


def test_the_test_shows_the_name_and_the_attributes(
    admin: Browser, world: World, slack: Application
) -> None:
    set_up(admin, slack, blank_host="mycompany.slack.com")
    activation.give_password(ADMIN, HAND, world.user.pk, PASSWORD, must_change=False)
    form = {"user": world.user.username, "ip": "192.0.2.7"}
    shown = admin.post(tab(slack, "test/"), form).content.decode()
    assert "They would get in." in shown
    assert world.user.pk in shown
    assert "<code>User.Email</code>" in shown
    connection = connections.of_application(slack)
    assert connection is not None
    Connection.objects.update(name_id_attribute="costCenter")
    shown = admin.post(tab(slack, "test/"), form).content.decode()
    assert "nothing in the field that is the NameID" in shown
