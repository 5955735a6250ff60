"""Two people who edit a group, an application, settings or a role lose nothing of each other's."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.test import Client

from rollcall.accounts import services as accounts
from rollcall.accounts.models import Account, Role
from rollcall.accounts.second_factors import required_roles
from rollcall.directory.models import Application, Organization, UserGroup
from rollcall.directory.services import (
    NewApplication,
    NewGroup,
    create_applications,
    create_groups,
)
from rollcall.imports import target_accounts
from rollcall.imports.models import Connection, TargetAccount, TargetChoice
from rollcall.mail.models import Notifications
from tests.actors import TESTER
from tests.web.world import World

pytestmark = pytest.mark.django_db


def seen(portal: Client, address: str) -> dict[str, str]:
    """What a form that is opened now carries with it."""
    return seen_in(portal.get(address).content)


def seen_in(page: bytes) -> dict[str, str]:
    field = re.search(r'<input type="hidden" name="seen" value="([^"]*)"', page.decode())
    assert field
    return {"seen": html.unescape(field.group(1))}


@pytest.fixture
def group() -> UserGroup:
    (made,) = create_groups(TESTER, [NewGroup("Sales", "EMEA")])
    assert isinstance(made, UserGroup)
    return made


@pytest.fixture
def wiki() -> Application:
    values = {"name": "bookmark", "displayLabel": "Wiki", "ssoUrl": "https://wiki.example.org"}
    (made,) = create_applications(TESTER, [NewApplication({**values, "shown_in_portal": True})])
    assert isinstance(made, Application)
    return made


def test_two_forms_on_a_group_are_merged(admin: Client, group: UserGroup) -> None:
    address = f"/groups/{group.pk}/edit/"
    one, other = seen(admin, address), seen(admin, address)
    admin.post(address, {"name": "Sales Europe", "description": "EMEA"} | one)
    admin.post(address, {"name": "Sales", "description": "Everybody who sells"} | other)
    group.refresh_from_db()
    assert (group.name, group.description) == ("Sales Europe", "Everybody who sells")


def test_a_clash_on_a_group_is_shown_and_saving_again_writes_ones_own(
    admin: Client, group: UserGroup
) -> None:
    address = f"/groups/{group.pk}/edit/"
    one, other = seen(admin, address), seen(admin, address)
    admin.post(address, {"name": "Sales Europe", "description": "EMEA"} | one)
    answer = admin.post(address, {"name": "Vertrieb", "description": "EMEA"} | other)
    group.refresh_from_db()
    assert group.name == "Sales Europe"
    assert "Sales Europe" in answer.content.decode()
    assert 'value="Vertrieb"' in answer.content.decode()
    again = {"name": "Vertrieb", "description": "EMEA"} | seen_in(answer.content)
    admin.post(address, again)
    group.refresh_from_db()
    assert group.name == "Vertrieb"


def test_two_forms_on_an_application_are_merged(admin: Client, wiki: Application) -> None:
    address = f"/applications/{wiki.pk}/"
    values = {
        "displayLabel": "Wiki",
        "description": "",
        "color": "#0b5cad",
        "shown_in_portal": "on",
        "ssoUrl": "https://wiki.example.org",
    }
    one, other = seen(admin, address), seen(admin, address)
    hidden = {name: value for name, value in values.items() if name != "shown_in_portal"}
    admin.post(address, hidden | {"displayLabel": "Our wiki"} | one)
    admin.post(address, values | {"ssoUrl": "https://wiki.example.com"} | other)
    wiki.refresh_from_db()
    assert (wiki.displayLabel, wiki.ssoUrl) == ("Our wiki", "https://wiki.example.com")
    assert not wiki.shown_in_portal
    answer = admin.post(address, values | {"displayLabel": "Handbook"} | other)
    wiki.refresh_from_db()
    assert wiki.displayLabel == "Our wiki"
    assert "Our wiki" in answer.content.decode()


def test_two_forms_on_the_settings_are_merged(admin: Client) -> None:
    address = "/settings/user-management/"
    values = {"manualEntry": "ACTIVATED", "csvImport": "STAGED", "applicationImport": "STAGED"}
    values["username_length"] = "20"
    one, other = seen(admin, address), seen(admin, address)
    admin.post(address, values | {"csvImport": "ACTIVATED"} | one)
    admin.post(address, values | {"username_length": "30"} | other)
    organization = Organization.the()
    assert (organization.csvImport, organization.username_length) == ("ACTIVATED", 30)


def test_two_forms_on_an_administrator_are_merged(admin: Client) -> None:
    grace = accounts.create(TESTER, "grace@example.com", {Role.READ_ONLY})
    address = f"/settings/administrators/{grace.pk}/"
    one, other = seen(admin, address), seen(admin, address)
    admin.post(address, {"role": Role.MANAGER, "is_active": "on"} | one)
    answer = admin.post(address, {"role": Role.ADMINISTRATOR, "is_active": "on"} | other)
    assert answer.status_code == 200
    assert Account.objects.get(pk=grace.pk).roles == {Role.MANAGER}


def test_two_forms_on_the_notifications_are_merged(admin: Client) -> None:
    address = "/settings/notifications/"
    values = {"live_threshold": str(Notifications.the().live_threshold), "sender": ""}
    one, other = seen(admin, address), seen(admin, address)
    admin.post(address, values | {"live_threshold": "900"} | one)
    admin.post(address, values | {"sender": "it@example.com"} | other)
    saved = Notifications.the()
    assert (saved.live_threshold, saved.sender) == (900, "it@example.com")
    answer = admin.post(address, values | {"live_threshold": "7"} | other)
    assert "somebody else has written “900” meanwhile" in answer.content.decode()
    assert Notifications.the().live_threshold == 900


def test_two_forms_on_a_schedule_are_merged(admin: Client, world: World) -> None:
    address = f"/applications/{world.application.pk}/schedule/"
    values = {"schedule": "", "schedule_at": "06:00"}
    one, other = seen(admin, address), seen(admin, address)
    admin.post(address, values | {"schedule": "daily"} | one)
    admin.post(address, values | {"schedule_at": "05:30", "schedule_review": "on"} | other)
    kept = Connection.objects.get(application=world.application)
    assert (kept.schedule, f"{kept.schedule_at:%H:%M}", kept.schedule_review) == (
        "daily",
        "05:30",
        True,
    )
    answer = admin.post(address, values | {"schedule": "weekly"} | other)
    assert "somebody else has written “Every day” meanwhile" in answer.content.decode()
    kept.refresh_from_db()
    assert kept.schedule == "daily"


def test_two_forms_on_the_directory_are_merged(admin: Client) -> None:
    address = "/settings/directory/"
    values = {"directory": "builtin", "url": "https://console.jumpcloud.com", "api_key": ""}
    values["organization_id"] = ""
    admin.post(address, values | {"api_key": "k" * 40})
    one, other = seen(admin, address), seen(admin, address)
    admin.post(address, values | {"organization_id": "65f0c0ffee00000000000001"} | one)
    admin.post(address, values | {"directory": "jumpcloud"} | other)
    kept = TargetAccount.at("jumpcloud")
    assert TargetChoice.the().target == "jumpcloud"
    assert kept.settings["organization_id"] == "65f0c0ffee00000000000001"
    answer = admin.post(address, values | {"organization_id": "65f0c0ffee00000000000002"} | one)
    assert "somebody else has written" in answer.content.decode()
    # A key that is typed goes with the account that was beside it.
    answer = admin.post(address, values | {"api_key": "n" * 40} | other)
    assert "somebody else has written" in answer.content.decode()
    assert target_accounts.current("jumpcloud").api_key == "k" * 40


def test_a_kept_key_goes_to_no_address_that_a_form_pretends_to_have_seen(admin: Client) -> None:
    address = "/settings/directory/"
    values = {"directory": "jumpcloud", "url": "https://console.jumpcloud.com", "api_key": "k" * 40}
    admin.post(address, values)
    elsewhere = "https://console.eu.jumpcloud.com"
    pretended = {"seen": json.dumps({"url": elsewhere}), "url": elsewhere, "api_key": ""}
    admin.post(address, values | pretended)
    assert target_accounts.current("jumpcloud").url == "https://console.jumpcloud.com"


def test_two_forms_on_the_second_factor_show_a_clash(admin: Client) -> None:
    address = "/settings/administrators/"
    other = seen(admin, address)
    form = {"action": "second-factor"}
    admin.post(address, form | {"roles": ["manager"]} | seen(admin, address))
    answer = admin.post(address, form | {"roles": ["read_only"]} | other)
    assert "somebody else has written" in answer.content.decode()
    assert required_roles() == {Role.MANAGER}
