"""Where imports go to JumpCloud's cloud, accounts are its: every door says so and does nothing."""

from __future__ import annotations

import pytest
from django.test import Client
from typer.testing import CliRunner

from rollcall.accounts import activation
from rollcall.accounts.models import Account, OneTimeLink
from rollcall.cli.user_accounts import users_app
from rollcall.directory.models import User
from rollcall.directory.services import HAND
from rollcall.imports.models import TargetChoice
from rollcall.mail.models import OutgoingMessage
from tests.actors import ADMIN
from tests.api.conftest import Caller, api, key
from tests.web.conftest import _quick_passwords, admin, world
from tests.web.html import squeezed
from tests.web.world import PASSWORD, World

__all__ = ["_quick_passwords", "admin", "api", "key", "world"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def amelie(world: World) -> User:
    TargetChoice.objects.all().delete()
    TargetChoice.objects.create(target="jumpcloud")
    return world.user


def test_a_users_page_says_so_and_offers_nothing(admin: Client, amelie: User) -> None:
    where = f"/users/{amelie.pk}/account/"
    page = squeezed(admin.get(where).content.decode())
    assert "accounts and sign-on are JumpCloud's" in page
    assert 'name="action"' not in page
    for act in ("send", "link", "password", "unlock", "expire", "reset-factors"):
        admin.post(where, {"action": act, "password": PASSWORD, "repeated": PASSWORD})
    assert not Account.objects.filter(user=amelie).exists()
    assert not OneTimeLink.objects.exists()


def test_the_list_sends_no_activation(admin: Client, amelie: User) -> None:
    assert "Send activation e-mail" not in admin.get("/users/").content.decode()
    form = {"action": "send-activation", "chosen": amelie.pk, "confirmed": "yes"}
    assert "activate people there" in admin.post("/users/", form, follow=True).content.decode()
    assert not OutgoingMessage.objects.exists()


@pytest.mark.parametrize("verb", ["unlock", "expire", "resetmfa"])
def test_the_api_refuses_its_verbs(api: Caller, amelie: User, verb: str) -> None:
    answer = api("POST", f"/api/systemusers/{amelie.pk}/{verb}")
    assert (answer.status, "JumpCloud's" in str(answer.json)) == (400, True)


def test_the_api_sends_no_activation(api: Caller, amelie: User) -> None:
    User.objects.filter(pk=amelie.pk).update(state="STAGED")
    answer = api("POST", f"/api/systemusers/{amelie.pk}/state/activate", {"email": True})
    assert (answer.status, "JumpCloud's" in answer.headers["Warning"]) == (200, True)
    assert not Account.objects.filter(user=amelie).exists()


def test_the_api_takes_no_password(api: Caller, amelie: User) -> None:
    address = f"/api/systemusers/{amelie.pk}"
    answer = api("PUT", address, {"firstname": "Amy", "password": PASSWORD})
    assert (answer.status, "JumpCloud's" in str(answer.json)) == (400, True)
    amelie.refresh_from_db()
    assert (amelie.firstname, amelie.activated) == ("Amelie", False)


@pytest.mark.parametrize("verb", ["activate", "unlock", "expire", "reset-mfa"])
def test_the_terminal_refuses_its_verbs(amelie: User, verb: str) -> None:
    done = CliRunner().invoke(users_app, [verb, amelie.email])
    assert done.exit_code == 2
    assert "JumpCloud's" in done.output


def test_the_user_portal_says_where_the_applications_are(client: Client, world: World) -> None:
    User.objects.filter(pk=world.user.pk).update(state="ACTIVATED")
    activation.give_password(ADMIN, HAND, world.user.pk, PASSWORD, must_change=False)
    client.force_login(
        Account.objects.get(user=world.user), backend="rollcall.accounts.backend.AccountBackend"
    )
    TargetChoice.objects.create(target="jumpcloud")
    page = client.get("/me/").content.decode()
    assert "JumpCloud&#x27;s user portal" in page or "JumpCloud's user portal" in page
    assert world.application.displayLabel not in squeezed(page).replace("Personio Portal", "")
