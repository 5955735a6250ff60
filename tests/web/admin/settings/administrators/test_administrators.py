"""Settings → Administrators: invite, change the role, deactivate; one always remains."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client

from rollcall.accounts import services
from rollcall.accounts.models import Account, Role, RoleRule
from rollcall.audit.models import Event
from rollcall.mail import outbox
from tests.actors import TESTER
from tests.web.world import World

pytestmark = pytest.mark.django_db
LIST = "/settings/administrators/"


def test_an_invitation_is_an_email_whose_link_sets_the_password(
    admin: Client, client: Client
) -> None:
    admin.post(LIST, {"email": "Mara@Example.com", "role": "manager"}, follow=True)
    outbox.send_due()
    (letter,) = mail.outbox
    assert letter.to == ["mara@example.com"]
    found = re.search(r"http://testserver(/set-password/\S+)", str(letter.body))
    assert found is not None
    assert client.get(found[1]).status_code == 200
    assert Event.objects.latest("pk").action == "administrator.create"


def test_nobody_is_invited_twice_and_the_form_keeps_what_was_typed(admin: Client) -> None:
    page = admin.post(LIST, {"email": "manager@example.com", "role": "manager"}).content.decode()
    assert 'value="manager@example.com"' in page
    assert "This e-mail can sign in already." in page


def test_a_role_is_changed_and_noted(admin: Client, world: World) -> None:
    where = f"{LIST}{world.people['manager'].pk}/"
    admin.post(where, {"role": "read_only", "is_active": "on"})
    assert Account.objects.get(email="manager@example.com").roles == {Role.READ_ONLY}
    entry = Event.objects.latest("pk")
    assert (entry.before, entry.after) == ({"roles": ["manager"]}, {"roles": ["read_only"]})


def test_deactivating_asks_once(admin: Client, world: World) -> None:
    where = f"{LIST}{world.people['manager'].pk}/"
    page = admin.post(where, {"role": "manager"}).content.decode()
    assert "Deactivate manager@example.com?" in page
    assert Account.objects.get(email="manager@example.com").is_active
    admin.post(where, {"role": "manager", "confirmed": "yes"})
    assert not Account.objects.get(email="manager@example.com").is_active


@pytest.mark.parametrize(
    "form", [{"role": "administrator"}, {"role": "manager", "is_active": "on"}]
)
def test_the_last_administrator_remains(admin: Client, world: World, form: dict[str, str]) -> None:
    where = f"{LIST}{world.people['administrator'].pk}/"
    page = admin.post(where, form | {"confirmed": "yes"}).content.decode()
    assert "This is the last active administrator." in page
    account = Account.objects.get(email="administrator@example.com")
    assert account.is_active
    assert account.roles == {Role.ADMINISTRATOR}


def test_a_link_is_shown_once_when_asked_for(admin: Client, client: Client, world: World) -> None:
    where = f"{LIST}{world.people['manager'].pk}/"
    page = admin.post(where, {"action": "link"}).content.decode()
    found = re.search(r"http://testserver(/set-password/[^<]+)", page)
    assert found is not None
    assert client.get(found[1]).status_code == 200


def test_an_account_without_a_role_is_no_administrator(admin: Client) -> None:
    employee = services.create(TESTER, "employee@example.com", ())
    assert "employee@example.com" not in admin.get(LIST).content.decode()
    assert admin.get(f"{LIST}{employee.pk}/").status_code == 404


@pytest.mark.parametrize("email", ["no-mail", "a@b", "x" * 250 + "@example.com"])
def test_what_is_no_email_is_not_invited(admin: Client, world: World, email: str) -> None:
    page = admin.post(LIST, {"email": email, "role": "manager"})
    assert page.status_code == 200
    assert Account.objects.count() == len(world.people)


def test_somebody_is_deleted_after_being_asked(admin: Client, world: World) -> None:
    manager = world.people["manager"]
    signed_in = Client()
    signed_in.force_login(manager, backend="rollcall.accounts.backend.AccountBackend")
    where = f"{LIST}{manager.pk}/"
    assert "Delete manager@example.com?" in admin.post(where, {"action": "delete"}).content.decode()
    assert Account.objects.filter(pk=manager.pk).exists()
    assert admin.post(where, {"action": "delete", "confirmed": "yes"})["Location"] == LIST
    assert not Account.objects.filter(pk=manager.pk).exists()
    assert signed_in.get("/").status_code == 302
    event = Event.objects.latest("pk")
    assert (event.action, event.target_name) == ("administrator.delete", "manager@example.com")


def test_the_last_administrator_is_not_deleted(admin: Client, world: World) -> None:
    person = world.people["administrator"]
    where = f"{LIST}{person.pk}/"
    for form in ({"action": "delete"}, {"action": "delete", "confirmed": "yes"}):
        page = admin.post(where, form, follow=True).content.decode()
        assert "This is the last active administrator." in page
    assert Account.objects.filter(pk=person.pk).exists()


def test_a_second_factor_is_required_of_a_role(admin: Client, world: World) -> None:
    form = {"action": "second-factor", "roles": ["manager"]}
    assert admin.post(LIST, form)["Location"] == LIST
    event = Event.objects.latest("pk")
    assert (event.action, event.after) == ("settings.second_factor.save", {"roles": ["manager"]})
    backend = "rollcall.accounts.backend.AccountBackend"
    manager = Client()
    manager.force_login(world.people["manager"], backend=backend)
    for page in ("/", "/users/", "/imports/"):
        assert manager.get(page)["Location"] == "/account/two-factor/"
    assert manager.post("/users/", {"action": "suspend"})["Location"] == "/account/two-factor/"
    for page in ("/profile/", "/profile/sessions/", "/account/two-factor/"):
        assert manager.get(page).status_code == 200
    assert admin.get("/").status_code == 200
    TOTP.activate(world.people["manager"], "JBSWY3DPEHPK3PXP")
    assert manager.get("/users/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(admin: Client, world: World) -> None:
    admin.post(LIST, {"action": "second-factor", "roles": ["administrator"]})
    RecoveryCodes.activate(world.people["administrator"])
    assert admin.get("/")["Location"] == "/account/two-factor/"


def test_it_is_no_longer_required_when_unticked(admin: Client, world: World) -> None:
    RoleRule.objects.create(role="manager", second_factor=True)
    admin.post(LIST, {"action": "second-factor"})
    assert not RoleRule.objects.filter(second_factor=True).exists()
