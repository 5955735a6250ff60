"""A password that somebody had before is not taken again, at every door that sets one."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from rollcall.accounts import one_time_links, services
from rollcall.accounts.models import Account, OldPassword
from tests.actors import TESTER
from tests.web.conftest import _quick_passwords, world
from tests.web.world import PASSWORD, World

__all__ = ["_quick_passwords", "world"]

pytestmark = pytest.mark.django_db
NEW = "seven grey geese at dawn {}"


def refused(account: Account, password: str) -> bool:
    try:
        validate_password(password, account)
    except ValidationError:
        return True
    return False


def test_the_present_one_and_five_before_are_refused(world: World) -> None:
    account = world.people["manager"]
    for number in range(7):
        services.set_password(TESTER, account, NEW.format(number))
    assert [refused(account, NEW.format(number)) for number in range(7)] == [False] + [True] * 6
    assert not refused(account, PASSWORD)
    assert OldPassword.objects.filter(account=account).count() == 5


def test_a_reset_brings_no_old_one_back(world: World) -> None:
    account = world.people["manager"]
    services.reset(TESTER, account)
    account.refresh_from_db()
    assert refused(account, PASSWORD)


def test_changing_it_says_so(client: Client, world: World) -> None:
    client.force_login(world.people["manager"])
    form = {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    page = client.post("/account/password/change/", form)
    assert "You had this password before" in page.content.decode()


def test_a_one_time_link_says_so(client: Client, world: World) -> None:
    link = one_time_links.password_link(world.people["manager"], "")
    page = client.post(link, {"password": PASSWORD, "repeated": PASSWORD})
    assert "You had this password before" in page.content.decode()
