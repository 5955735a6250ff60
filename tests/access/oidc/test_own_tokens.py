"""An application speaks for itself (`client_credentials`), where it is allowed to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rollcall.access.oidc import clients
from rollcall.access.oidc.clients import Unregistrable
from rollcall.access.oidc.models import OwnToken
from rollcall.directory import services
from rollcall.directory.models import UserGroup
from rollcall.directory.services import ApplicationChange
from tests.access.oidc.relying_party import RelyingParty, read
from tests.actors import TESTER

pytestmark = pytest.mark.django_db


@pytest.fixture
def robot(group: UserGroup) -> RelyingParty:
    """An application that may."""
    return RelyingParty.bound_to(group, "Robot", has_own_tokens=True)


def own(party: RelyingParty, **form: str) -> dict[str, str]:
    return read(party.call("token", grant_type="client_credentials", **form))


def test_it_gets_a_token_of_its_own_and_can_ask_about_it(robot: RelyingParty) -> None:
    token = own(robot)
    assert token.keys() == {"access_token", "expires_in", "token_type"}
    told = read(robot.call("introspect", token=token["access_token"]))
    assert told["active"] is True
    assert told["client_id"] == told["sub"] == robot.client.client_id
    assert token["access_token"] not in str(OwnToken.objects.values())


def test_the_token_is_nobodys(robot: RelyingParty) -> None:
    assert robot.user_info(own(robot)["access_token"]).status_code == 401
    assert "scope" not in own(robot, scope="openid email")


def test_who_is_not_allowed_to_gets_none(wiki: RelyingParty) -> None:
    assert own(wiki)["error"] == "unsupported_grant_type"


def test_a_public_one_cannot_be_allowed_to(group: UserGroup) -> None:
    with pytest.raises(Unregistrable):
        RelyingParty.bound_to(group, "Page", public=True, has_own_tokens=True)


def test_it_ends_with_the_application_the_permission_and_by_itself(robot: RelyingParty) -> None:
    def is_active(token: str) -> bool:
        active: bool = read(robot.call("introspect", token=token))["active"]
        return active

    token = own(robot)["access_token"]
    robot.call("revoke", token=token)
    assert not is_active(token)
    token = own(robot)["access_token"]
    allowed = clients.registration_of(robot.client)
    clients.change(TESTER, robot.client, replace(allowed, has_own_tokens=False))
    assert not is_active(token)
    clients.change(TESTER, robot.client, allowed)
    change = ApplicationChange(robot.client.application_id, {"active": False})
    services.update_applications(TESTER, [change])
    assert not is_active(token)
    assert own(robot)["error"] == "unsupported_grant_type"


def test_another_application_is_told_nothing_and_ends_nothing(
    robot: RelyingParty, group: UserGroup
) -> None:
    token = own(robot)["access_token"]
    stranger = RelyingParty.bound_to(group, "Elsewhere", has_own_tokens=True)
    assert read(stranger.call("introspect", token=token)) == {"active": False}
    stranger.call("revoke", token=token)
    assert read(robot.call("introspect", token=token))["active"] is True


def test_it_costs_two_statements(robot: RelyingParty) -> None:
    with CaptureQueriesContext(connection) as queries:
        own(robot)
    assert len(queries) == 2
