"""What is sensitive asks again for the password, and then does what was to be done."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from rollcall.accounts import activation
from rollcall.accounts.models import Account, ApiKey, Role
from rollcall.accounts.permissions import Permission
from rollcall.audit.models import Event
from rollcall.directory.models import Organization
from rollcall.directory.services import HAND
from rollcall.web.shell.pages import PAGES
from tests.actors import TESTER
from tests.web.admin.users.test_two_forms import opened
from tests.web.world import PASSWORD, World, address, just_proved

pytestmark = pytest.mark.django_db
BACKEND = "rollcall.accounts.backend.AccountBackend"
SENSITIVE = {
    "application-credentials",
    "application-sso",
    "settings-administrator",
    "settings-administrators",
    "settings-api-keys",
    "me-security",
    "settings-directory",
    "settings-mfa",
    "settings-user-portal",
    "settings-users",
    "user-account",
}


ASKS_NOTHING = {
    # only what is kept beyond this import asks, in the view itself (`manual_import`)
    "application-import": "an import of one's own, which a review shows before it writes",
    "application-columns": "the same, of a file",
    "application": "a label, or that it imports no more",
    "application-bind": "groups of users, no rights in Rollcall",
    "application-groups": "groups of users, no rights in Rollcall",
    "application-new": "a name; what it may read is entered with its credentials",
    "application-test": "nothing: it shows what would happen",
    "application-schedule": "when to do what an administrator has kept credentials for",
    "group": "users, no rights in Rollcall",
    "group-add": "users, no rights in Rollcall",
    "group-edit": "users, no rights in Rollcall",
    "group-new": "users, no rights in Rollcall",
    "me-recovery-confirm": "a link to an address whose form has asked",
    "me-profile": "one's own phone numbers and the like",
    "policy-what-if": "a question, which changes nothing",
    "profile-look": "one's own theme and language",
    "profile-sessions": "signing oneself out",
    "run": "ticks in a review",
    "run-cancel": "that nothing more is written",
    "run-import": "what a review has shown",
    "run-retry": "people of an import that was carried out",
    "settings-emails": "colour and logo; the texts, with the way in, ask",
    "settings-notifications": "a number, and the name that e-mails come from",
    "user": "users, no rights in Rollcall",
    # an address to which the way into somebody's account is sent asks, in the view itself
    "user-edit": "users, no rights in Rollcall",
    "user-new": "users, no rights in Rollcall",
    "users": "users, no rights in Rollcall",
}
"""Pages whose forms are sent without asking again, and why: keys, roles, administrators,
credentials, the directory, policies and people's records are not among them."""


@pytest.fixture
def stale(client: Client, world: World) -> Client:
    """An administrator who gave the password six minutes ago."""
    client.force_login(world.people["administrator"], backend=BACKEND)
    just_proved(client, world.people["administrator"], ago=360)
    return client


def test_keys_roles_administrators_credentials_directory_and_policies_are_sensitive() -> None:
    assert {page.name for page in PAGES.values() if page.sensitive} >= SENSITIVE


def test_of_every_page_that_takes_a_form_somebody_has_said_whether_it_asks_again() -> None:
    taking = {page.name for page in PAGES.values() if page.writes and not page.sensitive}
    assert taking == ASKS_NOTHING.keys()


def test_whatever_gives_rights_or_opens_doors_asks_again() -> None:
    rights = {
        Permission.MANAGE_ADMINISTRATORS,
        Permission.MANAGE_KEYS,
        Permission.MANAGE_PERSONAL_DATA,
    }
    assert all(page.sensitive for page in PAGES.values() if page.writes in rights)


@pytest.mark.parametrize("name", sorted(page.name for page in PAGES.values() if page.sensitive))
def test_no_sensitive_page_does_anything_before_it_has_asked(
    stale: Client, world: World, name: str
) -> None:
    # Some pages' things are made by asking for their address.
    where = address(PAGES[name], world)
    last = Event.objects.latest("pk").pk
    answer = stale.post(where, {"action": "save", "confirmed": "yes"})
    assert answer["Location"].startswith("/account/confirm/?next=%2F")
    assert not Event.objects.filter(pk__gt=last).exists()


@pytest.mark.parametrize("name", sorted(SENSITIVE))
def test_each_asks_again_after_five_minutes(stale: Client, world: World, name: str) -> None:
    where = address(PAGES[name], world)
    assert stale.get(where).status_code in (200, 302)
    answer = stale.post(where, {"name": "payroll", "action": "save"})
    assert answer["Location"].startswith("/account/confirm/?next=%2F")


def test_within_five_minutes_nothing_is_asked(stale: Client, world: World) -> None:
    just_proved(stale, world.people["administrator"], ago=290)
    assert stale.post("/settings/api-keys/", {"name": "payroll"}).status_code in (200, 302)
    assert ApiKey.objects.count() == 1


def test_signing_in_is_proof_enough(client: Client, world: World) -> None:
    form = {"login": "administrator@example.com", "password": PASSWORD}
    client.post("/account/sign-in/", form)
    client.post("/settings/api-keys/", {"name": "payroll"})
    assert ApiKey.objects.count() == 1


def confirmed(client: Client, to_confirm: str, password: str = PASSWORD) -> int:
    """Give the password where one is sent to; the status of what is shown then."""
    answer = client.post(to_confirm, {"password": password}, follow=True)
    return answer.status_code


def test_after_the_password_the_form_is_done_once(stale: Client) -> None:
    asked = stale.post("/settings/api-keys/", {"name": "payroll"})
    assert not ApiKey.objects.exists()
    assert confirmed(stale, asked["Location"]) == 200
    assert ApiKey.objects.get().name == "payroll"
    confirmed(stale, asked["Location"])
    assert ApiKey.objects.count() == 1


def test_a_role_changes_only_after_the_password(stale: Client, world: World) -> None:
    manager = world.people["manager"]
    form = {"role": "administrator", "is_active": "on"}
    asked = stale.post(f"/settings/administrators/{manager.pk}/", form)
    assert Account.objects.get(pk=manager.pk).roles == {Role.MANAGER}
    confirmed(stale, asked["Location"], "a wrong password")
    assert Account.objects.get(pk=manager.pk).roles == {Role.MANAGER}
    confirmed(stale, asked["Location"])
    assert Account.objects.get(pk=manager.pk).roles == {Role.ADMINISTRATOR}


def test_a_secret_that_waits_is_not_readable_in_the_session(stale: Client) -> None:
    secret = "jca_a-very-secret-key"
    stale.post("/settings/directory/", {"directory": "jumpcloud", "api_key": secret})
    (session,) = Session.objects.filter(expire_date__gt=timezone.now())
    assert secret not in str(session.get_decoded())


def test_a_form_without_its_nonce_stays_undone(stale: Client, world: World) -> None:
    stale.post("/settings/api-keys/", {"name": "payroll"})
    just_proved(stale, world.people["administrator"])
    stale.get("/settings/api-keys/")
    stale.get("/settings/api-keys/?resume=guessed")
    assert not ApiKey.objects.exists()


def test_who_loses_the_role_meanwhile_is_refused(stale: Client, world: World) -> None:
    state = Organization.the().manualEntry
    form = {"manualEntry": "STAGED", "csvImport": "STAGED", "applicationImport": "STAGED"}
    asked = stale.post("/settings/user-management/", form)
    world.people["administrator"].role_grants.update(role=Role.READ_ONLY.value)
    assert confirmed(stale, asked["Location"]) == 403
    assert Organization.the().manualEntry == state


def test_another_address_of_somebody_with_an_account_asks_again(
    stale: Client, world: World
) -> None:
    """The mails with which they get in would go there."""
    user, where = world.user, f"/users/{world.user.pk}/edit/"
    form = opened(stale, user) | {"email": "mallory@example.com"}
    activation.give_password(TESTER, HAND, user.pk, PASSWORD, must_change=False)
    assert stale.post(where, form)["Location"].startswith("/account/confirm/?next=%2F")
    user.refresh_from_db()
    assert user.email != "mallory@example.com"


def test_anything_else_of_them_and_the_address_of_anybody_without_one_does_not(
    stale: Client, world: World
) -> None:
    user, where = world.user, f"/users/{world.user.pk}/edit/"
    stale.post(where, opened(stale, user) | {"email": "amelie.voss@example.com"})
    user.refresh_from_db()
    assert user.email == "amelie.voss@example.com"
    activation.give_password(TESTER, HAND, user.pk, PASSWORD, must_change=False)
    stale.post(where, opened(stale, user) | {"department": "Sales"})
    user.refresh_from_db()
    assert user.department == "Sales"
