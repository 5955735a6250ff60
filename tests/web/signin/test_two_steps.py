"""Signing in asks first for e-mail or username and then for the password, whoever it is."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rollcall.accounts import activation, services, sign_in_names
from rollcall.accounts.models import Account, Role
from rollcall.directory.models import User
from rollcall.directory.services import HAND, UserChange, update_users
from rollcall.mail import outbox
from tests.actors import ADMIN, TESTER
from tests.web.world import PASSWORD, World

pytestmark = pytest.mark.django_db
SIGN_IN = "/account/sign-in/"
EMAIL = "amelie.brandt@example.com"


@pytest.fixture
def amelie(world: World) -> Account:
    return activation.give_password(ADMIN, HAND, world.user.pk, PASSWORD, must_change=False)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_first_step_asks_for_a_name_and_no_password(client: Client, world: World) -> None:
    page = client.get(f"{SIGN_IN}?next=/profile/").content.decode()
    assert 'name="login"' in page
    assert 'name="password"' not in page
    assert 'value="/profile/"' in page


def test_the_second_step_asks_for_the_password_and_keeps_the_way(
    client: Client, world: World
) -> None:
    form = {"login": "manager@example.com", "next": "/profile/"}
    page = client.post(SIGN_IN, form).content.decode()
    assert 'name="password"' in page
    assert 'value="manager@example.com"' in page
    assert client.post(SIGN_IN, {**form, "password": PASSWORD})["Location"] == "/profile/"


@pytest.mark.parametrize("name", [EMAIL, "nobody@example.com", "nobody", "amelie.brandt"])
def test_the_first_step_tells_nothing_and_looks_nobody_up(
    client: Client, amelie: Account, name: str
) -> None:
    with CaptureQueriesContext(connection) as queries:
        page = client.post(SIGN_IN, {"login": name}).content.decode()
    # Whether there is anybody at all is asked by the page, whoever opens it.
    asked = [query["sql"] for query in queries if name.lower() in query["sql"].lower()]
    assert asked == []
    assert not any("directory_user" in query["sql"] for query in queries)
    assert 'name="password"' in page


def test_an_empty_name_is_asked_for_again(client: Client, world: World) -> None:
    page = client.post(SIGN_IN, {"login": " "}).content.decode()
    assert 'name="password"' not in page
    assert "This field is required." in page


@pytest.mark.parametrize("name", [EMAIL, "amelie.brandt", " Amelie.BRANDT ", EMAIL.upper()])
def test_email_and_username_sign_in_however_they_are_typed(
    client: Client, amelie: Account, name: str
) -> None:
    client.post(SIGN_IN, {"login": name, "password": PASSWORD})
    assert is_in(client)


def test_a_user_whose_address_has_changed_signs_in_with_the_new_one(
    client: Client, world: World, amelie: Account
) -> None:
    change = UserChange(world.user.pk, {"email": "amelie.voss@example.com"})
    update_users(ADMIN, HAND, [change])
    client.post(SIGN_IN, {"login": "amelie.voss@example.com", "password": PASSWORD})
    assert is_in(client)


def test_a_username_is_locked_out_as_the_account_that_it_is(
    client: Client, amelie: Account
) -> None:
    for name in ("amelie.brandt", EMAIL, "amelie.brandt", EMAIL):
        client.post(SIGN_IN, {"login": name, "password": "wrong"})
    assert client.post(SIGN_IN, {"login": EMAIL, "password": "wrong"}).status_code == 429
    assert client.post(SIGN_IN, {"login": "amelie.brandt", "password": PASSWORD}).status_code == 429


def test_an_administrators_own_email_comes_before_a_users(client: Client, world: World) -> None:
    """Whoever writes users cannot put one in an administrator's way."""
    User.objects.create(username="trap", email="manager@example.com", state="ACTIVATED")
    client.post(SIGN_IN, {"login": "manager@example.com", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(world.people["manager"].pk)


def test_the_mail_for_a_forgotten_password_goes_to_a_users_present_address(
    client: Client, world: World, amelie: Account
) -> None:
    update_users(ADMIN, HAND, [UserChange(world.user.pk, {"email": "amelie.voss@example.com"})])
    for email in (EMAIL, "amelie.voss@example.com"):
        client.post("/account/password/forgotten/", {"email": email})
    outbox.send_due()
    assert [letter.to for letter in mail.outbox] == [["amelie.voss@example.com"]]


def test_an_administrators_own_address_leads_to_the_administrators_account(
    client: Client, world: World, amelie: Account
) -> None:
    """Whoever writes users cannot keep an administrator from the mail that lets them in again."""
    boss = services.create(TESTER, "late@example.com", {Role.READ_ONLY})
    update_users(ADMIN, HAND, [UserChange(world.user.pk, {"email": boss.email})])
    assert sign_in_names.owner_of(boss.email) == boss


def test_whoever_writes_users_gets_no_mail_that_opens_an_administrators_account(
    client: Client, world: World
) -> None:
    boss = world.people["administrator"]
    services.link(TESTER, boss, world.user)
    update_users(ADMIN, HAND, [UserChange(world.user.pk, {"email": "trap@example.com"})])
    for email in ("trap@example.com", boss.email):
        client.post("/account/password/forgotten/", {"email": email})
    outbox.send_due()
    assert [letter.to for letter in mail.outbox] == [[boss.email]]


@pytest.mark.parametrize("state", ["STAGED", "SUSPENDED"])
def test_whoever_has_no_access_gets_no_mail_and_the_same_answer(
    client: Client, world: World, amelie: Account, state: str
) -> None:
    User.objects.filter(pk=world.user.pk).update(state=state)
    answer = client.post("/account/password/forgotten/", {"email": EMAIL})
    assert answer["Location"] == "/account/password/forgotten/sent/"
    assert outbox.send_due() == 0


def test_an_expired_password_is_replaced_before_one_is_in(client: Client, world: World) -> None:
    activation.give_password(ADMIN, HAND, world.user.pk, PASSWORD, must_change=True)
    answer = client.post(SIGN_IN, {"login": EMAIL, "password": PASSWORD})
    assert answer["Location"] == "/account/password/renew/"
    assert not is_in(client)
    assert client.get("/me/").status_code == 302
    same = client.post(answer["Location"], {"password": PASSWORD, "repeated": PASSWORD})
    assert "You had this password before" in same.content.decode()
    new = "another quiet river"
    client.post(answer["Location"], {"password": new, "repeated": new})
    assert is_in(client)
    assert client.get("/me/").status_code == 200
    assert not User.objects.get(pk=world.user.pk).password_expired


@pytest.mark.parametrize("meanwhile", ["another password", "suspended"])
def test_a_password_that_counts_no_more_renews_none(
    client: Client, world: World, meanwhile: str
) -> None:
    account = activation.give_password(ADMIN, HAND, world.user.pk, PASSWORD, must_change=True)
    client.post(SIGN_IN, {"login": EMAIL, "password": PASSWORD})
    if meanwhile == "suspended":
        User.objects.filter(pk=world.user.pk).update(state="SUSPENDED")
        kept = PASSWORD
    else:
        kept = "given because of a theft"
        activation.give_password(ADMIN, HAND, world.user.pk, kept, must_change=True)
    new = {"password": "another quiet river", "repeated": "another quiet river"}
    assert client.post("/account/password/renew/", new)["Location"] == SIGN_IN
    account.refresh_from_db()
    assert account.check_password(kept)
    assert not is_in(client)


def test_nobody_renews_a_password_without_having_proved_the_old_one(
    client: Client, world: World
) -> None:
    activation.give_password(ADMIN, HAND, world.user.pk, PASSWORD, must_change=True)
    new = {"password": "another quiet river", "repeated": "another quiet river"}
    assert client.post("/account/password/renew/", new)["Location"] == SIGN_IN
    assert User.objects.get(pk=world.user.pk).password_expired


def test_the_way_from_the_email_to_the_applications(client: Client, world: World) -> None:
    [done] = activation.activate(ADMIN, HAND, [world.user.pk])
    assert done.account is not None
    links = activation.issue_links(ADMIN, [done.account], "http://testserver")
    where = re.sub("^http://testserver", "", links[done.account.pk])
    client.post(where, {"password": PASSWORD, "repeated": PASSWORD})
    client.post(SIGN_IN, {"login": "amelie.brandt"})
    page = client.post(SIGN_IN, {"login": "amelie.brandt", "password": PASSWORD}, follow=True)
    assert "Personio" in page.content.decode()


def test_roles_decide_and_not_the_way_one_came(client: Client, world: World) -> None:
    account = services.create(TESTER, "two@example.com", {Role.READ_ONLY}, password=PASSWORD)
    assert account.roles
    answer = client.post(
        f"{SIGN_IN}?next=/users/", {"login": "two@example.com", "password": PASSWORD}
    )
    assert answer["Location"] == "/users/"
