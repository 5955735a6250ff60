"""Passwords expire after the days that the settings say; their owners are warned before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rollcall.accounts import activation, password_expiry, password_policies
from rollcall.accounts.models import Account, PasswordPolicy
from rollcall.directory.models import Organization, User
from rollcall.directory.services import HAND
from rollcall.mail import outbox
from tests.actors import ADMIN
from tests.web.world import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ninety_days() -> None:
    Organization.the()
    values = {"expires_after_days": 90, "warns_before_days": 7}
    password_policies.save(ADMIN, PasswordPolicy(), values, ())


def user(number: int = 1) -> User:
    person = User.objects.create(
        username=f"ines{number}",
        email=f"ines{number}@example.com",
        firstname="Ines",
        state="ACTIVATED",
    )
    activation.give_password(ADMIN, HAND, person.pk, PASSWORD, must_change=False)
    return person


def days_left(days: float) -> None:
    Account.objects.update(password_expires_at=timezone.now() + timedelta(days=days))


def test_a_new_password_expires_after_the_days_of_the_settings() -> None:
    account = Account.objects.get(user=user())
    assert account.password_set_at is not None
    assert account.password_expires_at == account.password_set_at + timedelta(days=90)


def test_what_is_due_expires_and_is_replaced_at_the_next_sign_in(client: Client) -> None:
    ines = user()
    assert password_expiry.expire_due() == 0
    days_left(-0.1)
    assert password_expiry.expire_due() == 1
    assert password_expiry.expire_due() == 0
    ines.refresh_from_db()
    assert ines.password_expired
    answer = client.post("/account/sign-in/", {"login": "ines1", "password": PASSWORD})
    assert answer["Location"].startswith("/account/password/renew/")
    new = "seven grey geese at dawn"
    client.post("/account/password/renew/", {"password": new, "repeated": new})
    assert "_auth_user_id" in client.session
    left = Account.objects.get(user=ines).password_expires_at
    assert left is not None
    assert left > timezone.now() + timedelta(days=89)


def test_nobodys_password_expires_where_they_live_for_ever_by_now() -> None:
    ines = user()
    days_left(-0.1)
    password_policies.save(ADMIN, password_policies.default(), {"expires_after_days": None}, ())
    assert password_expiry.expire_due() == 0
    ines.refresh_from_db()
    assert not ines.password_expired
    assert Account.objects.get(user=ines).password_expires_at is None


@pytest.mark.parametrize(("days", "letters"), [(8, 0), (6.5, 1), (0.5, 1), (-1, 0)])
def test_a_warning_goes_out_within_its_days_once_a_day(days: float, letters: int) -> None:
    user()
    days_left(days)
    assert [password_expiry.warn_due(), password_expiry.warn_due()] == [letters, 0]
    outbox.send_due()
    assert len(mail.outbox) == letters
    Account.objects.update(password_warned_on=timezone.localdate() - timedelta(days=1))
    assert password_expiry.warn_due() == letters


def test_many_cost_as_many_statements_as_few() -> None:
    costs = []
    for people in (range(1, 3), range(3, 13)):
        for number in people:
            user(number)
        Account.objects.update(password_warned_on=None)
        days_left(3)
        with CaptureQueriesContext(connection) as warning:
            password_expiry.warn_due()
        days_left(-1)
        with CaptureQueriesContext(connection) as expiring:
            password_expiry.expire_due()
        User.objects.update(password_expired=False)
        costs.append((len(warning), len(expiring)))
    assert costs[0] == costs[1]
