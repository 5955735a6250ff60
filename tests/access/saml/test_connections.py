"""Applications are set up for sign-on by SAML: what is taken, what is written down."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from rollcall.access.attribute_mapping import ClaimRule, Kind
from rollcall.access.saml import connections
from rollcall.access.saml.connections import Unregistrable
from rollcall.access.saml.models import Connection
from rollcall.audit.models import Event
from rollcall.directory.models import Application
from tests.access.saml.service_provider import (
    ENTITY_ID,
    ServiceProvider,
    configuration,
    sp_certificate,
)
from tests.access.saml.test_configuration import METADATA
from tests.actors import TESTER

pytestmark = pytest.mark.django_db


def test_what_is_set_comes_back_as_it_was() -> None:
    rules = (ClaimRule("memberOf", Kind.GROUPS), ClaimRule("mail", Kind.ATTRIBUTE, "email"))
    given = configuration(attributes=rules, default_relay_state="/start")
    made = connections.create_application(TESTER, "Wiki", given)
    kept = Connection.objects.get(pk=made.pk)
    assert kept.configuration == given
    assert kept.path == kept.application.id
    assert kept.application.active
    assert kept.certificates.count() == 1
    event = Event.objects.get(action="sso.client.create")
    assert {"field": "sp_entity_id", "to": ENTITY_ID} in event.changes


def test_a_path_is_chosen_once_and_for_all() -> None:
    made = connections.create_application(TESTER, "Wiki", configuration(), path="wiki")
    assert made.path == "wiki"
    for path in ("wiki", "Wiki", "wi/ki", "-wiki", "a" * 70):
        with pytest.raises(Unregistrable) as refusal:
            connections.create_application(TESTER, "Other", configuration(), path=path)
        assert [wrong.field for wrong in refusal.value.refusals] == ["path"]
    assert Application.objects.count() == 1


def test_what_cannot_be_taken_is_named_by_field_and_nothing_is_made() -> None:
    with pytest.raises(Unregistrable) as refusal:
        connections.create_application(TESTER, "Wiki", configuration(acs_urls=("nowhere",)))
    assert [wrong.field for wrong in refusal.value.refusals] == ["acs_urls"]
    with pytest.raises(Unregistrable) as refusal:
        connections.create_application(TESTER, "", configuration())
    assert [wrong.field for wrong in refusal.value.refusals] == ["label"]
    assert not Application.objects.exists()


def test_an_application_signs_on_by_saml_once(wiki: ServiceProvider) -> None:
    with pytest.raises(Unregistrable):
        connections.register(TESTER, wiki.connection.application, configuration(), "again")


def test_a_change_is_written_down_with_what_was_before(
    wiki: ServiceProvider, keys: list[rsa.RSAPrivateKey]
) -> None:
    wiki.set(sp_certificate=sp_certificate(keys[2]), session_seconds=3600)
    event = Event.objects.get(action="sso.client.update")
    fields = {change["field"]: change for change in event.changes}
    assert fields.keys() == {"sp_certificate", "session_seconds"}
    assert (fields["session_seconds"]["from"], fields["session_seconds"]["to"]) == (28800, 3600)
    assert "BEGIN" not in str(event.changes)
    wiki.set(session_seconds=3600)
    assert Event.objects.filter(action="sso.client.update").count() == 1


def test_metadata_are_taken_whole_or_not_at_all(
    wiki: ServiceProvider, keys: list[rsa.RSAPrivateKey]
) -> None:
    with pytest.raises(Unregistrable):
        connections.upload_metadata(TESTER, wiki.connection, METADATA.encode())
    bare = "".join(sp_certificate(keys[2]).splitlines()[1:-1])
    good = METADATA.replace("SIGNING", bare).replace("OPENING", bare)
    changed = connections.upload_metadata(TESTER, wiki.connection, good.encode())
    assert changed.signed_requests
    assert changed.configuration.acs_urls[0] == "https://sp.example.com/acs2"


def test_sign_on_can_be_taken_from_an_application(wiki: ServiceProvider) -> None:
    application = wiki.connection.application
    connections.remove(TESTER, wiki.connection)
    assert connections.of_application(application) is None
    assert Application.objects.filter(pk=application.pk).exists()
