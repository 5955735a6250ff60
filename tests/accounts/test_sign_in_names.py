"""Whose account is meant by what somebody types."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rollcall.accounts.models import Account, AccountRole, Role
from rollcall.accounts.sign_in_names import email_of
from rollcall.directory.models import User

pytestmark = pytest.mark.django_db


def account(email: str, user: User | None = None, *roles: Role) -> Account:
    made = Account.objects.create(email=email, user=user)
    AccountRole.objects.bulk_create(AccountRole(account=made, role=role) for role in roles)
    return made


def user(name: str, email: str) -> User:
    return User.objects.create(username=name, email=email, state="ACTIVATED")


def test_an_email_that_an_account_has_kept_from_before_yields_to_whose_it_is_today() -> None:
    account("berg@example.com", user("ines", "ines.berg@example.com"))
    account("jan.old@example.com", user("jan", "berg@example.com"))
    assert email_of("berg@example.com") == "jan.old@example.com"
    assert email_of("ines.berg@example.com") == "berg@example.com"


def test_it_still_signs_its_owner_in_where_nobody_else_has_it() -> None:
    account("berg@example.com", user("ines", "ines.berg@example.com"))
    assert email_of("berg@example.com") == "berg@example.com"


@pytest.mark.parametrize("linked", [False, True])
def test_an_administrators_email_comes_before_a_users(linked: bool) -> None:
    own = user("boss", "boss.new@example.com") if linked else None
    account("boss@example.com", own, Role.ADMINISTRATOR)
    account("jan.old@example.com", user("jan", "boss@example.com"))
    assert email_of("boss@example.com") == "boss@example.com"


def test_a_username_comes_last_and_a_name_of_nobodys_stays_itself() -> None:
    account("old@example.com", user("berg", "jan@example.com"))
    assert email_of("BERG") == "old@example.com"
    assert email_of("Nobody@Example.com") == "nobody@example.com"


def test_it_is_one_statement_for_everybody() -> None:
    account("berg@example.com", user("ines", "ines.berg@example.com"))
    for typed in ("berg@example.com", "ines", "nobody"):
        with CaptureQueriesContext(connection) as queries:
            email_of(typed)
        assert len(queries) == 1
