"""Settings → Directory: where imports go, the account at JumpCloud, and the connection test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.test import Client

from rollcall.audit.models import Event
from rollcall.imports import open_targets, target_accounts
from rollcall.imports.models import TargetAccount, TargetChoice
from tests.targets.jumpcloud.cloud import KEY, READ_ONLY_KEY, Cloud, Fault, hosting

pytestmark = pytest.mark.django_db

ADDRESS = "/settings/directory/"


@pytest.fixture(scope="module")
def host() -> Iterator[Any]:
    with hosting() as running:
        yield running


@pytest.fixture
def cloud(host: Any) -> Cloud:
    """An organization of JumpCloud's."""
    shown: Cloud = host.show(Cloud())
    return shown


def post(admin: Client, cloud: Cloud, **form: str) -> str:
    """Post the form; what the page says then, without tags."""
    values = {"directory": "jumpcloud", "url": cloud.url, "api_key": KEY, **form}
    return text(admin.post(ADDRESS, values, follow=True))


def text(answer: Any) -> str:
    """What a page says, without tags."""
    page = re.sub(r"<[^>]*>", " ", answer.content.decode())
    return unescape(re.sub(r"\s+", " ", page))


def test_the_connection_test_shows_the_organization_and_what_the_key_may_do(
    admin: Client, cloud: Cloud
) -> None:
    said = post(admin, cloud, action="test")
    assert "Connected Organization Example GmbH" in said
    assert "The key may read, create and change users" in said
    assert "Imported users are Staged" in said
    assert not TargetChoice.objects.exists()
    assert not TargetAccount.objects.exists()


def test_a_key_that_may_only_read_is_told_apart(admin: Client, cloud: Cloud) -> None:
    said = post(admin, cloud, action="test", api_key=READ_ONLY_KEY)
    assert "only read: previews work, imports do not" in said


@pytest.mark.parametrize(
    ("form", "faults", "title"),
    [
        ({"api_key": "another"}, [], "Wrong API key"),
        ({"api_key": "mein Schlüssel"}, [], "Wrong API key"),
        ({"organization_id": "65f0c0ffee00000000000099"}, [], "Wrong organization"),
        ({"url": "http://127.0.0.1:9"}, [], "JumpCloud is unreachable"),
        ({}, [Fault("organizations", "html")], "Not JumpCloud"),
        ({}, [Fault("organizations", "403", times=9)], "No access"),
    ],
)
def test_what_goes_wrong_is_told_apart_in_words(
    admin: Client, cloud: Cloud, form: dict[str, str], faults: list[Fault], title: str
) -> None:
    cloud.faults = faults
    said = post(admin, cloud, action="test", **form)
    assert title in said
    assert "Connected" not in said


def test_a_saved_key_is_sealed_and_never_shown_again(admin: Client, cloud: Cloud) -> None:
    answer = admin.post(ADDRESS, {"directory": "jumpcloud", "url": cloud.url, "api_key": KEY})
    assert answer.status_code == 302
    page = admin.get(ADDRESS).content.decode()
    assert KEY not in page
    assert "One is kept, encrypted" in page
    stored = TargetAccount.at("jumpcloud")
    assert KEY.encode() not in bytes(stored.sealed_secrets or b"")
    assert target_accounts.current("jumpcloud").api_key == KEY
    assert open_targets.chosen() == "jumpcloud"
    entry = Event.objects.latest("pk")
    assert (entry.action, entry.actor_name) == (
        "settings.directory.save",
        "administrator@example.com",
    )
    assert entry.after == {"directory": "jumpcloud", "url": cloud.url, "key_kept": True}
    assert KEY not in str(entry.before) + str(entry.after)


def test_the_kept_key_is_tested_and_replaced_but_goes_to_no_other_address(
    admin: Client, cloud: Cloud
) -> None:
    post(admin, cloud)
    assert "Connected" in post(admin, cloud, action="test", api_key="")
    elsewhere = post(admin, cloud, action="test", api_key="", url="http://127.0.0.1:9")
    assert "Another address needs the API key again." in elsewhere
    assert "Saved." in post(admin, cloud, api_key=READ_ONLY_KEY)
    assert target_accounts.current("jumpcloud").api_key == READ_ONLY_KEY
    assert Event.objects.latest("pk").after == {"key_replaced": True}


def test_the_key_is_removed_after_asking_and_imports_go_home(admin: Client, cloud: Cloud) -> None:
    post(admin, cloud)
    assert "stop until a key is entered again" in text(admin.post(ADDRESS, {"action": "remove"}))
    assert target_accounts.current("jumpcloud").api_key == KEY
    said = text(admin.post(ADDRESS, {"action": "remove", "confirmed": "yes"}, follow=True))
    assert "The API key is removed." in said
    assert target_accounts.current("jumpcloud").api_key == ""
    assert open_targets.chosen() == "builtin"
    assert Event.objects.latest("pk").action == "settings.directory.remove_key"


def test_jumpcloud_is_not_chosen_without_a_key(admin: Client, cloud: Cloud) -> None:
    assert "Enter an API key" in post(admin, cloud, api_key="")
    assert not TargetChoice.objects.exists()
    assert not TargetAccount.objects.exists()


@pytest.mark.parametrize("url", ["jumpcloud", "ftp://example.org", "https://a:b@example.org"])
def test_an_address_that_is_none_is_refused(admin: Client, cloud: Cloud, url: str) -> None:
    assert "Write the address alone" in post(admin, cloud, url=url)


def test_a_key_from_outside_wins_and_is_not_shown(
    admin: Client, cloud: Cloud, settings: Any
) -> None:
    post(admin, cloud, api_key="a-stored-key", organization_id="65f0c0ffee00000000000099")
    outside = {"JUMPCLOUD_API_KEY": KEY, "JUMPCLOUD_URL": cloud.url}
    found = settings.CONFIGURATION
    settings.CONFIGURATION = replace(found, values={**found.values, **outside})
    account = target_accounts.current("jumpcloud")
    assert (account.api_key, account.organization_id) == (KEY, "")
    page = admin.get(ADDRESS).content.decode()
    assert "JUMPCLOUD_API_KEY" in page
    assert KEY not in page
    said = text(admin.post(ADDRESS, {"directory": "builtin", "action": "test"}))
    assert "Example GmbH" in said


def test_it_is_for_administrators_only(client: Client, world: Any) -> None:
    for role in ("manager", "read_only"):
        backend = "rollcall.accounts.backend.AccountBackend"
        client.force_login(world.people[role], backend=backend)
        assert client.get(ADDRESS).status_code == 403
        assert client.post(ADDRESS, {"directory": "builtin"}).status_code == 403
    assert not TargetChoice.objects.exists()
    assert not TargetAccount.objects.exists()


def test_an_application_imports_into_the_chosen_directory_unless_another_is_named(
    admin: Client, cloud: Cloud, world: Any
) -> None:
    application = world.application.pk
    form = f"/applications/{application}/manual-import/"
    assert 'value="builtin" selected' in admin.get(form).content.decode()
    refused = admin.post(form, {"client_id": "x", "client_secret": "y", "directory": "jumpcloud"})
    assert "JumpCloud has no API key yet" in refused.content.decode()
