"""The first administrator comes in through a one-time link; the locked-out through another."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from rollcall.accounts import services
from rollcall.accounts.first_start import first_start_link
from rollcall.accounts.models import Account, OneTimeLink, Role
from rollcall.accounts.one_time_links import password_link
from rollcall.audit.models import Event
from tests.actors import TESTER

pytestmark = pytest.mark.django_db
BASE = "http://testserver"
FORM = {
    "email": "First@Example.com",
    "password": "a quiet river in may",
    "repeated": "a quiet river in may",
}


def _path(link: str | None) -> str:
    assert link is not None
    return link.removeprefix(BASE)


def test_the_link_makes_the_first_administrator_and_signs_them_in(client: Client) -> None:
    link = _path(first_start_link(BASE + "/"))
    assert "First administrator" in client.get(link).content.decode()
    assert client.post(link, FORM)["Location"] == "/"
    assert client.get("/").status_code == 200
    assert Account.objects.get().roles == {Role.ADMINISTRATOR}
    actions = Event.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["administrator.first", "account.sign_in"]


def test_the_link_works_once_and_none_is_made_afterwards(client: Client) -> None:
    link = _path(first_start_link(BASE))
    client.post(link, FORM)
    client.logout()
    assert client.get(link).status_code == 410
    assert client.post(link, FORM | {"email": "second@example.com"}).status_code == 410
    assert first_start_link(BASE) is None
    assert Account.objects.count() == 1


def test_a_link_from_before_ends_when_an_administrator_is_made_otherwise(client: Client) -> None:
    link = _path(first_start_link(BASE))
    services.create(
        TESTER, "other@example.com", {Role.ADMINISTRATOR}, password="a quiet river in may"
    )
    assert client.get(link).status_code == 410


def test_a_link_ends_with_time(client: Client) -> None:
    link = _path(first_start_link(BASE))
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(link).status_code == 410


def test_the_link_is_not_stored(client: Client) -> None:
    link = _path(first_start_link(BASE))
    assert OneTimeLink.objects.get().token_hash not in link


def test_a_weak_password_is_refused_and_what_was_typed_is_kept(client: Client) -> None:
    link = _path(first_start_link(BASE))
    weak = {"email": "first@example.com", "password": "short", "repeated": "short"}
    page = client.post(link, weak).content.decode()
    assert 'value="first@example.com"' in page
    assert re.search("at least\\s12 characters", page)
    assert not Account.objects.exists()


def test_a_password_link_sets_the_password_of_one_administrator(client: Client) -> None:
    account = services.create(TESTER, "invited@example.com", {Role.MANAGER})
    link = _path(password_link(account, BASE))
    form = {"password": "a quiet river in may", "repeated": "a quiet river in may"}
    assert client.post(link, form)["Location"] == "/account/sign-in/"
    assert (
        "Your password is set. Sign in with it." in client.get("/account/sign-in/").content.decode()
    )
    assert client.get(link).status_code == 410
    account.refresh_from_db()
    assert account.check_password("a quiet river in may")


@pytest.mark.parametrize(
    "address",
    [
        "/first-start/wrong/",
        "/set-password/wrong/",
        "/account/sign-in/",
        "/account/password/forgotten/",
    ],
)
def test_while_nobody_administers_each_way_in_names_the_link_of_the_first_start(
    client: Client, address: str
) -> None:
    page = client.get(address).content.decode()
    assert "There is no administrator yet." in page
    assert "`rollcall serve` prints a one-time link" in page
    assert "admin reset" not in page
    services.create(
        TESTER, "one@example.com", {Role.ADMINISTRATOR}, password="a quiet river in may"
    )
    assert "There is no administrator yet." not in client.get(address).content.decode()
