"""A connection test says what is wrong in one line, and never the key."""

from __future__ import annotations

import socket

import pytest

from rollcall.provisioning.user import State
from rollcall.targets import jumpcloud
from rollcall.targets.base import Access
from rollcall.targets.errors import TargetError, TargetRefused, TargetUnreachable
from rollcall.targets.jumpcloud import JumpCloudTarget
from tests.targets.jumpcloud.cloud import KEY, ORGANIZATION, READ_ONLY_KEY, Cloud, Fault
from tests.targets.jumpcloud.conftest import QUICK


def check(url: str, key: str = KEY, organization: str = "") -> Access:
    """The connection test with these settings."""
    values = {
        "JUMPCLOUD_URL": url,
        "JUMPCLOUD_API_KEY": key,
        "JUMPCLOUD_ORG_ID": organization,
    }
    with JumpCloudTarget(jumpcloud.Account.of(values), pace=QUICK) as directory:
        return directory.check()


def trouble(kind: type[TargetError], url: str, **settings: str) -> str:
    """What the connection test says is wrong."""
    with pytest.raises(kind) as raised:
        check(url, **settings)
    text = str(raised.value)
    assert settings.get("key", KEY) not in text or not settings.get("key", KEY)
    assert "\n" not in text
    return text


def test_it_shows_the_organization_and_what_the_key_may_do(cloud: Cloud) -> None:
    assert check(cloud.url) == Access("Example GmbH", ORGANIZATION, True)
    assert check(cloud.url + "/", organization=ORGANIZATION).may_write
    assert not check(cloud.url, READ_ONLY_KEY).may_write
    assert cloud.users == {}


def test_a_wrong_key_a_missing_right_and_a_wrong_organization_are_told_apart(
    cloud: Cloud,
) -> None:
    assert "JUMPCLOUD_API_KEY" in trouble(TargetRefused, cloud.url, key="wrong-key-value")
    assert "JUMPCLOUD_API_KEY" in trouble(TargetRefused, cloud.url, key="")
    wrong = trouble(TargetRefused, cloud.url, organization="65f0c0ffee0000000000ffff")
    assert "JUMPCLOUD_ORG_ID" in wrong
    both = trouble(TargetRefused, cloud.url, key="wrong-key-value", organization=ORGANIZATION)
    assert "JUMPCLOUD_API_KEY" in both
    cloud.faults = [Fault("organizations", "403", times=9)]
    assert "does not allow" in trouble(TargetRefused, cloud.url)


def test_a_dead_address_and_a_page_of_something_else_are_unreachable(cloud: Cloud) -> None:
    cloud.faults = [Fault("organizations", "html", times=9)]
    assert "JUMPCLOUD_URL" in trouble(TargetUnreachable, cloud.url)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert "cannot be reached" in trouble(TargetUnreachable, url)


def test_the_key_is_not_shown_by_the_settings() -> None:
    cloud = jumpcloud.Account.of({"JUMPCLOUD_API_KEY": "a-secret"})
    assert "a-secret" not in repr(cloud)
    assert cloud.url == "https://console.jumpcloud.com"


def test_the_default_state_is_that_of_application_imports(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    cloud.default_states["applicationImport"] = "ACTIVATED"
    assert directory.default_state() is State.ACTIVATED


def test_an_organization_without_a_default_gets_staged_users_in_so_many_words(
    cloud: Cloud, directory: JumpCloudTarget
) -> None:
    cloud.default_states.pop("applicationImport")
    assert directory.default_state() is State.STAGED
