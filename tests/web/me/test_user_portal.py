"""The user portal: one's own applications, profile, security and activity, and nobody else's."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rollcall.access.oidc import clients
from rollcall.access.oidc.clients import Registration
from rollcall.access.oidc.login_address import change_login_address
from rollcall.accounts import activation, services
from rollcall.accounts.models import Account, Role
from rollcall.directory.models import Application, Association, Membership, User, UserGroup
from rollcall.directory.services import HAND
from tests.actors import ADMIN, TESTER
from tests.web.world import PASSWORD, World, just_proved

pytestmark = pytest.mark.django_db


@pytest.fixture
def amelie(world: World) -> Account:
    """An Active user who has no role."""
    return activation.give_password(ADMIN, HAND, world.user.pk, PASSWORD, must_change=False)


@pytest.fixture
def me(client: Client, amelie: Account) -> Client:
    """Her browser, signed in."""
    client.force_login(amelie)
    just_proved(client, amelie)
    return client


def application(world: World, label: str, address: str = "", **values: object) -> Application:
    """One that the group of the world's user is bound to."""
    made = Application.objects.create(
        name="bookmark", displayLabel=label, ssoUrl=address, **{"active": True, **values}
    )
    Association.objects.create(application=made, group=world.group)
    return made


def page_of(browser: Client, where: str = "/me/") -> str:
    return browser.get(where).content.decode()


def labels(page: str) -> list[str]:
    found = re.findall(r'<h2 class="tile-name">(.*?)</h2>', page, re.DOTALL)
    return [re.sub(r"<span.*?</span>|<[^>]+>", "", one).strip() for one in found]


def test_whoever_signs_in_without_a_role_lands_at_their_applications(
    client: Client, amelie: Account
) -> None:
    form = {"login": amelie.email, "password": PASSWORD}
    answer = client.post("/account/sign-in/", form, follow=True)
    assert answer.request["PATH_INFO"] == "/me/"
    assert "Personio" in answer.content.decode()


def test_an_administrator_lands_at_home(client: Client, world: World) -> None:
    form = {"login": "administrator@example.com", "password": PASSWORD}
    answer = client.post("/account/sign-in/", form, follow=True)
    assert answer.request["PATH_INFO"] == "/"


def test_the_applications_are_those_of_ones_groups(me: Client, world: World) -> None:
    application(world, "Wiki", "https://wiki.example")
    elsewhere = UserGroup.objects.create(name="Elsewhere")
    other = Application.objects.create(name="bookmark", displayLabel="Payroll", active=True)
    Association.objects.create(application=other, group=elsewhere)
    assert labels(page_of(me)) == ["Personio", "Wiki"]


def test_an_application_in_two_groups_is_one_tile(me: Client, world: World) -> None:
    second = UserGroup.objects.create(name="Second")
    Membership.objects.create(group=second, user=world.user)
    Association.objects.create(application=world.application, group=second)
    assert labels(page_of(me)) == ["Personio"]


def test_what_is_hidden_or_inactive_is_not_there(me: Client, world: World) -> None:
    application(world, "Hidden", shown_in_portal=False)
    application(world, "Inactive", active=False)
    assert labels(page_of(me)) == ["Personio"]


def test_the_search_looks_into_label_and_description(me: Client, world: World) -> None:
    application(world, "Wiki", description="Übersicht of all things")
    assert labels(page_of(me, "/me/?q=ubersicht")) == ["Wiki"]
    assert "No application is called like that" in page_of(me, "/me/?q=nothing")


def test_a_tile_opens_its_address_and_no_other_scheme(me: Client, world: World) -> None:
    application(world, "Wiki", "https://wiki.example/start")
    application(world, "Trap", "javascript:alert(1)")
    page = page_of(me)
    assert 'href="https://wiki.example/start"' in page
    assert "javascript:alert" not in page


def test_what_is_new_is_marked_for_a_week(me: Client, world: World) -> None:
    assert ">New<" in page_of(me)
    long_ago = timezone.now() - timedelta(days=8)
    Association.objects.update(created=long_ago)
    assert ">New<" in page_of(me)  # she joined the group today
    Membership.objects.update(created=long_ago)
    assert ">New<" not in page_of(me)


def test_a_person_in_no_group_is_told_so(client: Client, world: World) -> None:
    Membership.objects.all().delete()
    account = activation.give_password(ADMIN, HAND, world.user.pk, PASSWORD, must_change=False)
    client.force_login(account)
    assert "No applications yet" in page_of(client)


def test_an_administrator_who_is_no_user_has_no_applications(admin: Client) -> None:
    assert "belongs to no user of the directory" in page_of(admin)


def test_a_linked_administrator_has_both_portals(client: Client, world: World) -> None:
    services.link(TESTER, world.people["administrator"], world.user)
    client.force_login(world.people["administrator"])
    assert labels(page_of(client)) == ["Personio"]
    assert "Administration" in page_of(client)
    assert "My applications" in page_of(client, "/")


def test_the_page_costs_the_same_for_many_applications(me: Client, world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(me)
        return len(queries)

    before = cost()
    for number in range(30):
        application(world, f"Application {number}")
    assert cost() == before


def test_the_profile_shows_what_the_directory_says(me: Client, world: World) -> None:
    page = page_of(me, "/me/profile/")
    for value in ("Amelie Brandt", "amelie.brandt", "amelie.brandt@example.com", "Engineering"):
        assert value in " ".join(page.split())


def test_language_and_theme_are_changed_from_the_profile(me: Client, amelie: Account) -> None:
    form = {"language": "de", "theme": "dark", "next": "/me/profile/"}
    assert me.post("/profile/look/", form)["Location"] == "/me/profile/"
    amelie.refresh_from_db()
    assert amelie.language == "de"
    assert 'data-bs-theme="dark"' in page_of(me, "/me/profile/")
    assert me.get("/profile/look/")["Location"] == "/me/profile/"


@pytest.mark.parametrize(
    "where",
    ["/me/security/", "/account/password/change/", "/account/two-factor/", "/profile/sessions/"],
)
def test_the_pages_of_security_stand_in_the_user_portal(me: Client, where: str) -> None:
    page = page_of(me, where)
    assert 'href="/me/activity/"' in page
    assert 'href="/users/"' not in page
    assert 'href="/profile/"' not in page


def test_a_password_is_changed_from_the_user_portal(me: Client, amelie: Account) -> None:
    new = "another quiet river"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert me.post("/account/password/change/", form).status_code == 302
    assert Account.objects.get(pk=amelie.pk).check_password(new)


def test_the_activity_is_ones_own(client: Client, world: World, amelie: Account) -> None:
    client.post("/account/sign-in/", {"login": amelie.email, "password": "wrong"})
    client.post("/account/sign-in/", {"login": "manager@example.com", "password": "wrong"})
    client.post("/account/sign-in/", {"login": amelie.email, "password": PASSWORD})
    page = page_of(client, "/me/activity/")
    assert page.count("Sign-in failed") == 1
    assert page.count("<td>Signed in</td>") == 1
    assert "wrong password" not in page


def test_where_an_administrator_sat_is_nobody_elses_business(me: Client, amelie: Account) -> None:
    elsewhere = replace(ADMIN, address="192.0.2.9")
    activation.give_password(
        elsewhere, HAND, str(amelie.user_id), "four blue herons", must_change=False
    )
    client = Client()
    client.post("/account/sign-in/", {"login": amelie.email, "password": "four blue herons"})
    page = page_of(client, "/me/activity/")
    assert "Password set" in page
    assert "192.0.2.9" not in page


def test_an_administrators_activity_is_there_as_well(client: Client, world: World) -> None:
    client.post("/account/sign-in/", {"login": "manager@example.com", "password": PASSWORD})
    assert "<td>Signed in</td>" in page_of(client, "/me/activity/")


def test_a_suspended_user_reaches_nothing(me: Client, world: World) -> None:
    User.objects.filter(pk=world.user.pk).update(state="SUSPENDED")
    for where in ("/me/", "/me/profile/", "/me/security/", "/me/activity/"):
        assert me.get(where).status_code == 302


def test_a_user_gets_no_page_of_administrators_by_having_had_a_role(
    me: Client, amelie: Account
) -> None:
    services.change(TESTER, amelie, roles={Role.READ_ONLY})
    assert me.get("/users/").status_code == 200
    services.change(TESTER, amelie, roles=())
    assert me.get("/users/").status_code == 403


def test_a_tile_begins_the_sign_on_where_the_application_says(me: Client, world: World) -> None:
    wiki = application(world, "Wiki", "https://wiki.example")
    client, _ = clients.register(TESTER, wiki, Registration(["https://wiki.example/cb"]))
    assert 'href="https://wiki.example"' in page_of(me)
    change_login_address(TESTER, client, "https://wiki.example/login")
    assert 'href="https://wiki.example/login?iss=http%3A%2F%2Ftestserver"' in page_of(me)


def test_a_tile_that_leads_nowhere_says_how_to_get_in(me: Client, world: World) -> None:
    wiki = application(world, "Wiki")
    assert "Open it yourself" not in page_of(me)
    clients.register(TESTER, wiki, Registration(["https://wiki.example/cb"]))
    assert "Open it yourself" in page_of(me)
