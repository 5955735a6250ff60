"""An account and a directory user are joined by a verb, and never by an e-mail they share."""

from __future__ import annotations

import pytest

from rollcall.accounts import services
from rollcall.accounts.errors import AlreadyLinkedError, NothingOfferedError
from rollcall.accounts.models import Account, Role
from rollcall.audit.models import Event
from rollcall.directory.models import User
from rollcall.directory.services.deletions import delete_users
from rollcall.directory.services.results import HAND
from rollcall.targets.builtin.target import BuiltinTarget
from tests.actors import ADMIN, TESTER
from tests.api.conftest import Caller, api, key
from tests.targets.builtin.people import Ledger, hire

__all__ = ["api", "key"]

pytestmark = pytest.mark.django_db
EMAIL = "ines@example.com"


@pytest.fixture
def account(db: None) -> Account:
    return services.create(TESTER, EMAIL, {Role.ADMINISTRATOR})


def user(username: str, email: str) -> User:
    return User.objects.create(username=username, email=email)


def test_a_user_of_the_api_with_an_administrators_email_is_linked_to_nothing(
    api: Caller, account: Account
) -> None:
    body = {"username": "ines", "email": EMAIL}
    assert api("POST", "/api/systemusers", body).status == 200
    account.refresh_from_db()
    assert account.user is None


def test_an_imported_employee_with_an_administrators_email_is_linked_to_nothing(
    account: Account,
) -> None:
    BuiltinTarget("personio").apply([hire(1, email=EMAIL)], Ledger())
    assert User.objects.get().email == EMAIL
    account.refresh_from_db()
    assert account.user is None


def test_an_account_made_for_a_users_email_is_linked_to_nothing() -> None:
    user("ines", EMAIL)
    assert services.create(TESTER, EMAIL, ()).user is None


def test_a_link_is_set_and_released_by_its_verbs(account: Account) -> None:
    ines = user("ines", "i.berg@example.com")
    services.link(ADMIN, account, ines)
    assert User.objects.get(account=account) == ines
    services.unlink(ADMIN, account)
    assert Account.objects.get().user is None
    events = Event.objects.order_by("pk").values_list("action", "actor_name")
    assert list(events)[1:] == [
        ("account.user.link", ADMIN.name),
        ("account.user.unlink", ADMIN.name),
    ]


def test_doing_it_again_changes_nothing(account: Account) -> None:
    services.unlink(ADMIN, account)
    ines = user("ines", "i.berg@example.com")
    services.link(ADMIN, account, ines)
    services.link(ADMIN, account, ines)
    assert Event.objects.filter(action__startswith="account.user").count() == 1


def test_each_has_one_of_the_other(account: Account) -> None:
    ines, mara = user("ines", "i.berg@example.com"), user("mara", "m.voss@example.com")
    other = services.create(TESTER, "other@example.com", ())
    services.link(ADMIN, account, ines)
    with pytest.raises(AlreadyLinkedError):
        services.link(ADMIN, account, mara)
    with pytest.raises(AlreadyLinkedError):
        services.link(ADMIN, other, ines)
    assert Account.objects.get(pk=account.pk).user == ines


def test_an_account_outlives_its_user(account: Account) -> None:
    ines = user("ines", "i.berg@example.com")
    services.link(ADMIN, account, ines)
    delete_users(ADMIN, HAND, [ines.pk])
    assert not User.objects.exists()
    assert Account.objects.get(pk=account.pk).user is None


def test_an_administrator_accepts_to_be_the_user_with_their_email(account: Account) -> None:
    ines = user("ines", EMAIL)
    User.objects.update(state="ACTIVATED")
    assert services.offered(account) == ines
    services.accept(ADMIN, account)
    assert Account.objects.get(pk=account.pk).user == ines
    with pytest.raises(NothingOfferedError):
        services.accept(ADMIN, Account.objects.get(pk=account.pk))


@pytest.mark.parametrize(
    "fields", [{"state": "STAGED"}, {"state": "SUSPENDED"}, {"account_locked": True}]
)
def test_nobody_is_offered_a_user_who_would_shut_them_out(
    account: Account, fields: dict[str, object]
) -> None:
    user("ines", EMAIL)
    User.objects.update(**{"state": "ACTIVATED", **fields})
    assert services.offered(account) is None


def test_the_terminal_lets_in_whom_their_users_suspension_has_shut_out(account: Account) -> None:
    ines = user("ines", EMAIL)
    services.link(ADMIN, account, ines)
    User.objects.update(state="SUSPENDED")
    services.reset(ADMIN, Account.objects.get(pk=account.pk), "a quiet river in may")
    assert Account.objects.get(pk=account.pk).user is None
