"""A user is locked after too many wrong passwords from anywhere, and unlocked in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from rollcall.accounts import activation, password_policies, user_accounts, user_lock_out
from rollcall.accounts.models import Account, PasswordPolicy, Role
from rollcall.accounts.services import create, link
from rollcall.audit.models import Event
from rollcall.directory.models import User
from rollcall.directory.services import HAND, UserChange, update_users
from rollcall.mail import outbox
from tests.actors import ADMIN
from tests.web.world import PASSWORD

pytestmark = pytest.mark.django_db
EMAIL = "ines.berg@example.com"


@pytest.fixture
def ines() -> User:
    person = User.objects.create(username="ines.berg", email=EMAIL, state="ACTIVATED")
    activation.give_password(ADMIN, HAND, person.pk, PASSWORD, must_change=False)
    return person


def attempt(password: str, address: str, name: str = EMAIL) -> Client:
    """Somebody at this address who tries this password."""
    client = Client(REMOTE_ADDR=address)
    client.page = client.post("/account/sign-in/", {"login": name, "password": password})  # type: ignore[attr-defined]  # for whoever asks
    return client


def guess(times: int, name: str = EMAIL) -> None:
    """Wrong passwords, each from an address of its own."""
    for number in range(times):
        attempt("wrong", f"203.0.113.{number + 1}", name)


def signs_in(address: str = "198.51.100.7") -> bool:
    return "_auth_user_id" in attempt(PASSWORD, address).session


def test_as_many_wrong_passwords_as_the_settings_say_lock_wherever_they_come_from(
    ines: User,
) -> None:
    guess(9)
    assert signs_in()
    guess(10)
    ines.refresh_from_db()
    assert ines.account_locked
    assert not signs_in()


def test_it_is_an_event_of_directory_insights_and_an_email_to_the_user(ines: User) -> None:
    guess(12)
    events = Event.objects.filter(event_type="user_lockout", target_id=ines.pk)
    assert events.count() == 1
    outbox.send_due()
    [letter] = mail.outbox
    assert letter.to == [EMAIL]
    assert "locked" in letter.subject


def test_whoever_guesses_on_does_not_learn_that_a_guess_was_right(ines: User) -> None:
    guess(10)
    right, wrong = (attempt(text, "198.51.100.9").page for text in (PASSWORD, "wrong"))  # type: ignore[attr-defined]  # see attempt
    assert right.status_code == wrong.status_code == 200
    said = [page.content.decode().count("alert-danger") for page in (right, wrong)]
    assert said == [1, 1]


def test_a_name_that_is_nobodys_is_answered_alike(ines: User) -> None:
    guess(10)
    guess(10, "nobody@example.com")
    known, unknown = (
        attempt("wrong", "198.51.100.9", name).page.content.decode()  # type: ignore[attr-defined]  # see attempt
        for name in (EMAIL, "nobody@example.com")
    )
    assert known[-400:] == unknown[-400:]


def test_they_are_let_in_again_at_their_time_and_no_sooner(ines: User) -> None:
    guess(10)
    left = Account.objects.get(user=ines).unlocks_at
    assert left is not None
    assert timedelta(minutes=14) < left - timezone.now() <= timedelta(minutes=15)
    assert user_lock_out.unlock_due() == 0
    Account.objects.update(unlocks_at=timezone.now() - timedelta(seconds=1))
    assert signs_in()
    ines.refresh_from_db()
    assert not ines.account_locked


def test_a_worker_unlocks_whose_time_has_come(ines: User) -> None:
    guess(10)
    Account.objects.update(unlocks_at=timezone.now() - timedelta(seconds=1))
    assert user_lock_out.unlock_due() == 1
    ines.refresh_from_db()
    assert not ines.account_locked
    assert Account.objects.get(user=ines).unlocks_at is None
    assert user_lock_out.unlock_due() == 0


def test_who_was_locked_by_hand_stays_so_however_they_were_locked_before(ines: User) -> None:
    guess(10)
    update_users(ADMIN, HAND, [UserChange(ines.pk, {"account_locked": False})])
    user_lock_out.unlock_due()
    update_users(ADMIN, HAND, [UserChange(ines.pk, {"account_locked": True})])
    assert user_lock_out.unlock_due() == 0
    assert not signs_in()


def test_without_a_time_only_an_administrator_unlocks(ines: User) -> None:
    values = {"unlocks_after_minutes": None, "locks_after": 3}
    password_policies.save(ADMIN, PasswordPolicy(), values, ())
    guess(3)
    assert Account.objects.get(user=ines).unlocks_at is None
    assert user_lock_out.unlock_due() == 0
    assert not signs_in()
    user_accounts.unlock(ADMIN, HAND, [ines.pk])
    assert signs_in()


def test_nobody_is_locked_where_the_settings_say_never(ines: User) -> None:
    password_policies.save(ADMIN, PasswordPolicy(), {"locks_after": None}, ())
    guess(12)
    assert signs_in()


def test_nobody_keeps_an_administrator_out_by_typing_nonsense(ines: User) -> None:
    account = create(ADMIN, "boss@example.com", {Role.ADMINISTRATOR}, password=PASSWORD)
    boss = User.objects.create(username="boss", email="boss@example.com", state="ACTIVATED")
    link(ADMIN, account, boss)
    guess(12, "boss@example.com")
    boss.refresh_from_db()
    assert not boss.account_locked
