"""An e-mail of 312 characters gets an answer in words in every form, as does an invisible one."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client

from rollcall.accounts.first_start import first_start_link
from rollcall.accounts.models import Account
from rollcall.directory.models import User
from tests.web.world import World

pytestmark = pytest.mark.django_db

LONG = f"{'a' * 300}@example.org"
HIDDEN = "fi\u200brst@example.org"
FORM = {"password": "a quiet river in may", "repeated": "a quiet river in may"}


@pytest.mark.parametrize(
    ("typed", "words"),
    [(LONG, "254"), (HIDDEN, "U+200B ZERO WIDTH SPACE")],
    ids=["long", "invisible"],
)
def test_in_the_first_form(client: Client, typed: str, words: str) -> None:
    link = str(first_start_link("http://testserver")).removeprefix("http://testserver")
    answer = client.post(link, FORM | {"email": typed})
    assert answer.status_code == 200
    assert words in unescape(answer.content.decode())
    assert not Account.objects.exists()


@pytest.mark.parametrize("typed", [LONG, HIDDEN], ids=["long", "invisible"])
@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/account/sign-in/", {"login": "{}", "password": "x"}),
        ("/account/password/forgotten/", {"email": "{}"}),
        ("/settings/administrators/", {"email": "{}", "role": "administrator"}),
        ("/settings/notifications/", {"live_threshold": "10", "sender": "{}"}),
    ],
)
def test_in_the_other_forms(admin: Client, address: str, form: dict[str, str], typed: str) -> None:
    before = set(Account.objects.values_list("email", flat=True))
    client = Client() if address.startswith("/account/") else admin
    filled = {name: typed if text == "{}" else text for name, text in form.items()}
    answer = client.post(address, filled)
    assert answer.status_code == 200
    assert "invalid-feedback" in answer.content.decode()
    assert set(Account.objects.values_list("email", flat=True)) == before


def test_a_user_of_the_directory_may_have_it(admin: Client, world: World) -> None:
    admin.post(f"/users/{world.user.pk}/edit/", {"username": world.user.username, "email": LONG})
    assert User.objects.get(pk=world.user.pk).email == LONG
