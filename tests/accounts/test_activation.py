"""Users get accounts when somebody activates them: by a link, by e-mail, by a first password."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from axes.models import AccessAttempt
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rollcall.accounts import activation, activation_mail, services, user_accounts
from rollcall.accounts.activation_mail import Mailbox
from rollcall.accounts.errors import ActivationRefusedError
from rollcall.accounts.holders import Obstacle
from rollcall.accounts.models import Account, OneTimeLink, Role
from rollcall.audit.models import Event
from rollcall.directory.models import User
from rollcall.directory.services import HAND, UserChange, delete_users, update_users
from rollcall.mail import outbox
from rollcall.targets.builtin.target import BuiltinTarget
from tests.actors import ADMIN, TESTER
from tests.targets.builtin.people import Ledger, hire
from tests.web.world import PASSWORD

pytestmark = pytest.mark.django_db
BASE = "http://testserver"
EMAIL = "ines.berg@example.com"


def user(name: str = "ines.berg", state: str = "STAGED", **values: str) -> User:
    return User.objects.create(username=name, email=f"{name}@example.com", state=state, **values)


def activate(*users: User) -> list[activation.Activation]:
    return activation.activate(ADMIN, HAND, [each.pk for each in users])


def account_of(person: User) -> Account:
    return Account.objects.get(user=person)


def link_of(person: User) -> str:
    account = account_of(person)
    address = activation.issue_links(ADMIN, [account], BASE)[account.pk]
    return address.removeprefix(BASE)


def choose(client: Client, link: str, password: str = PASSWORD) -> int:
    return client.post(link, {"password": password, "repeated": password}).status_code


def signs_in(email: str = EMAIL, password: str = PASSWORD) -> bool:
    client = Client()
    client.post("/account/sign-in/", {"login": email, "password": password})
    return "_auth_user_id" in client.session


def test_an_import_makes_users_and_no_accounts() -> None:
    BuiltinTarget("personio").apply([hire(1, email=EMAIL)], Ledger())
    assert User.objects.exists()
    assert not Account.objects.exists()


def test_a_staged_user_becomes_active_with_an_account_that_opens_nothing_yet() -> None:
    ines = user()
    [done] = activate(ines)
    assert done.obstacle is None
    assert User.objects.get().state == "ACTIVATED"
    account = account_of(ines)
    assert (account.email, account.roles, account.has_usable_password()) == (
        EMAIL,
        frozenset(),
        False,
    )


def test_the_link_sets_the_password_once(client: Client) -> None:
    ines = user()
    activate(ines)
    link = link_of(ines)
    assert choose(client, link) == 302
    assert User.objects.get().activated
    assert choose(client, link, "another quiet river") == 410
    assert signs_in()


def test_the_link_works_for_seven_days(client: Client) -> None:
    ines = user()
    activate(ines)
    link = link_of(ines)
    left = OneTimeLink.objects.get().expires_at - timezone.now()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
    OneTimeLink.objects.update(expires_at=timezone.now())
    assert client.get(link).status_code == 410


def test_a_new_link_ends_the_one_before(client: Client) -> None:
    ines = user()
    activate(ines)
    first, second = link_of(ines), link_of(ines)
    assert (client.get(first).status_code, client.get(second).status_code) == (410, 200)


def test_a_suspended_users_link_opens_nothing(client: Client) -> None:
    ines = user()
    activate(ines)
    link = link_of(ines)
    User.objects.update(state="SUSPENDED")
    assert client.get(link).status_code == 410
    User.objects.update(state="ACTIVATED")
    assert client.get(link).status_code == 200


def test_the_events_have_the_names_of_directory_insights(client: Client) -> None:
    ines = user()
    activate(ines)
    choose(client, link_of(ines))
    types = list(Event.objects.order_by("pk").values_list("event_type", flat=True))
    assert types == [
        "user_account_create",
        "user_activated",
        "user_activation_link",
        "user_password_set",
        "user_update",
    ]
    assert set(Event.objects.values_list("target_type", "target_id")) == {("user", ines.pk)}


def test_whoever_has_a_password_is_let_be(client: Client) -> None:
    ines = user()
    activate(ines)
    choose(client, link_of(ines))
    [again] = activate(ines)
    assert again.obstacle is Obstacle.HAS_PASSWORD
    assert signs_in()


@pytest.mark.parametrize("state", ["STAGED", "SUSPENDED"])
def test_a_password_opens_nothing_before_its_user_is_active(state: str) -> None:
    ines = user(state=state)
    activation.give_password(ADMIN, HAND, ines.pk, PASSWORD, must_change=False)
    assert User.objects.get().state == state
    assert not signs_in()
    User.objects.update(state="ACTIVATED")
    assert signs_in()


def test_a_suspended_or_missing_user_gets_no_account() -> None:
    zofia = user("zofia", "SUSPENDED")
    done = activation.activate(ADMIN, HAND, [zofia.pk, "no-such-user"])
    assert [each.obstacle for each in done] == [Obstacle.SUSPENDED, Obstacle.GONE]
    assert not Account.objects.exists()


def test_a_user_with_an_administrators_address_waits_for_the_administrator() -> None:
    services.create(TESTER, EMAIL, {Role.READ_ONLY}, password=PASSWORD)
    ines = user()
    [done] = activate(ines)
    assert done.obstacle is Obstacle.HELD_BY_ADMINISTRATOR
    assert (Account.objects.get().user, User.objects.get().state) == (None, "STAGED")


def test_nobody_who_writes_users_gets_hold_of_an_administrators_account() -> None:
    boss = services.create(TESTER, EMAIL, {Role.ADMINISTRATOR})
    ines = user(state="ACTIVATED")
    services.link(TESTER, boss, ines)
    assert activate(ines)[0].obstacle is Obstacle.ADMINISTRATOR
    with pytest.raises(ActivationRefusedError):
        activation.give_password(ADMIN, HAND, ines.pk, PASSWORD, must_change=False)
    assert user_accounts.reset_factors(ADMIN, [ines.pk]) == 0


def test_the_account_of_a_deleted_user_is_nobodys_and_makes_room(client: Client) -> None:
    ines = user()
    activate(ines)
    choose(client, link_of(ines))
    delete_users(ADMIN, HAND, [ines.pk])
    assert not signs_in()
    again = user(state="ACTIVATED")
    assert activate(again)[0].obstacle is None
    assert not account_of(again).has_usable_password()
    assert Event.objects.filter(action="account.delete").count() == 1


def test_an_address_that_is_free_again_is_the_next_ones() -> None:
    ines = user()
    activate(ines)
    update_users(ADMIN, HAND, [UserChange(ines.pk, {"email": "ines.voss@example.com"})])
    other = User.objects.create(username="other", email=EMAIL, state="ACTIVATED")
    assert activate(other)[0].obstacle is None
    assert (account_of(ines).email, account_of(other).email) == ("ines.voss@example.com", EMAIL)


def test_activating_many_costs_as_many_statements_as_one() -> None:
    def cost(count: int, first: int) -> int:
        people = [user(f"user{first + number}") for number in range(count)]
        with CaptureQueriesContext(connection) as queries:
            done = activate(*people)
            accounts = [each.account for each in done if each.account]
            letters = activation_mail.letters(accounts, Mailbox.COMPANY)
            assert activation_mail.send(ADMIN, letters, BASE) == count
        return len(queries)

    cost(1, 0)  # which makes the organization
    assert cost(1, 1) == cost(200, 2)


def test_the_email_goes_to_the_company_or_the_alternate_address(client: Client) -> None:
    ines = user(alternateEmail="Ines@Home.example")
    account = activate(ines)[0].account
    assert account is not None
    for mailbox in Mailbox:
        activation_mail.send(ADMIN, activation_mail.letters([account], mailbox), BASE)
    outbox.send_due()
    assert [letter.to for letter in mail.outbox] == [[EMAIL], ["ines@home.example"]]
    links = [
        re.search(r"http://testserver(/set-password/\S+)", str(one.body)) for one in mail.outbox
    ]
    assert [client.get(link[1]).status_code for link in links if link] == [410, 200]


def test_who_has_no_alternate_address_gets_no_letter_there() -> None:
    account = activate(user())[0].account
    assert account is not None
    assert activation_mail.letters([account], Mailbox.ALTERNATE) == []


def test_a_typed_address_gets_the_letter_and_is_kept_nowhere() -> None:
    account = activate(user())[0].account
    assert account is not None
    letter = activation_mail.letter_to(account, "Somebody@Else.example")
    assert activation_mail.send(ADMIN, [letter], BASE) == 1
    assert not User.objects.filter(alternateEmail__contains="else").exists()
    assert "else.example" not in str(list(Event.objects.values()))
    assert Event.objects.filter(event_type="user_activation_email", target_type="user").exists()


def test_an_initial_password_opens_the_way_to_ones_own(client: Client) -> None:
    ines = user(state="ACTIVATED")
    activation.give_password(ADMIN, HAND, ines.pk, PASSWORD, must_change=True)
    assert User.objects.get().password_expired
    assert not signs_in()


def test_an_initial_password_of_a_staged_user_opens_nothing() -> None:
    ines = user()
    activation.give_password(ADMIN, HAND, ines.pk, PASSWORD, must_change=False)
    assert User.objects.get().state == "STAGED"
    assert not signs_in()
    activate(ines)
    assert signs_in()


def test_an_initial_password_keeps_the_rules() -> None:
    ines = user(state="ACTIVATED")
    with pytest.raises(ValidationError):
        activation.give_password(ADMIN, HAND, ines.pk, "password", must_change=False)
    assert not Account.objects.exists()


def test_a_link_ends_when_a_password_is_set_by_another_road(client: Client) -> None:
    ines = user(state="ACTIVATED")
    [done] = activate(ines)
    assert done.account is not None
    link = link_of(ines)
    services.set_password(ADMIN, done.account, PASSWORD)
    assert client.get(link).status_code == 410
    assert not OneTimeLink.objects.exists()


def test_unlocking_a_user_keeps_the_failures_of_an_administrator(client: Client) -> None:
    ines = user(state="ACTIVATED")
    boss = services.create(TESTER, EMAIL, {Role.READ_ONLY})
    services.link(TESTER, boss, ines)
    for _ in range(5):
        client.post("/account/sign-in/", {"login": EMAIL, "password": "wrong"})
    kept = AccessAttempt.objects.count()
    assert kept
    user_accounts.unlock(ADMIN, HAND, [ines.pk])
    assert AccessAttempt.objects.count() == kept


def test_unlocking_forgets_failed_sign_ins_and_keeps_the_password(client: Client) -> None:
    ines = user(state="ACTIVATED")
    activation.give_password(ADMIN, HAND, ines.pk, PASSWORD, must_change=False)
    for _ in range(5):
        client.post("/account/sign-in/", {"login": EMAIL, "password": "wrong"})
    assert not signs_in()
    assert user_accounts.unlock(ADMIN, HAND, [ines.pk]) == 1
    assert signs_in()
    assert Event.objects.filter(event_type="user_unlocked").count() == 1


def test_a_locked_user_is_unlocked_and_a_suspended_one_is_not() -> None:
    ines = user(state="ACTIVATED")
    activation.give_password(ADMIN, HAND, ines.pk, PASSWORD, must_change=False)
    User.objects.update(account_locked=True)
    assert not signs_in()
    assert user_accounts.unlock(ADMIN, HAND, [ines.pk]) == 1
    assert signs_in()
    User.objects.update(state="SUSPENDED", account_locked=True)
    assert user_accounts.unlock(ADMIN, HAND, [ines.pk]) == 0
    assert User.objects.get().account_locked


def test_an_expired_password_opens_nothing_until_it_is_replaced(client: Client) -> None:
    ines = user(state="ACTIVATED")
    activation.give_password(ADMIN, HAND, ines.pk, PASSWORD, must_change=False)
    assert user_accounts.expire(ADMIN, HAND, [ines.pk]) == 1
    assert user_accounts.expire(ADMIN, HAND, [ines.pk]) == 0
    assert not signs_in()
    assert Event.objects.filter(event_type="user_password_expired").count() == 1


def test_second_factors_are_reset_and_the_password_stays(client: Client) -> None:
    ines = user(state="ACTIVATED")
    account = activation.give_password(ADMIN, HAND, ines.pk, PASSWORD, must_change=False)
    TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    assert not signs_in()
    assert user_accounts.reset_factors(ADMIN, [ines.pk]) == 1
    assert user_accounts.reset_factors(ADMIN, [ines.pk]) == 0
    assert signs_in()
    assert Event.objects.filter(event_type="user_mfa_reset").count() == 1


def test_an_account_does_not_follow_its_user_to_an_address_that_nobody_can_sign_in_with() -> None:
    ines = user()
    activate(ines)
    User.objects.filter(pk=ines.pk).update(email=f"{'x' * 250}@example.com")
    [done] = activate(User.objects.create(username="other", email=EMAIL))
    assert done.obstacle is Obstacle.TAKEN
    assert account_of(ines).email == EMAIL
