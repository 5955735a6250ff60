"""Access is asked of account and user at every use: no session outlives what it rests on."""

from __future__ import annotations

import pytest
from asgiref.sync import async_to_sync
from django.test import Client

from rollcall.accounts import services
from rollcall.accounts.backend import AccountBackend
from rollcall.accounts.models import Account, Role
from rollcall.accounts.standing import Bar, standing_of
from rollcall.audit.models import Event
from rollcall.directory.models import User
from rollcall.directory.services import HAND, UserChange, set_state, update_users
from rollcall.provisioning.user import State
from tests.actors import ADMIN, TESTER
from tests.web.world import PASSWORD, World

pytestmark = pytest.mark.django_db
EMAIL = "ines.berg@example.com"


@pytest.fixture
def ines(db: None) -> User:
    return User.objects.create(username="ines.berg", email=EMAIL, state="ACTIVATED")


@pytest.fixture
def account(ines: User) -> Account:
    """A manager who is a user of the directory as well."""
    account = services.create(TESTER, EMAIL, {Role.MANAGER}, password=PASSWORD)
    services.link(TESTER, account, ines)
    return Account.objects.get(pk=account.pk)


def signed_in(client: Client) -> bool:
    client.post("/account/sign-in/", {"login": EMAIL, "password": PASSWORD})
    return is_in(client)


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def test_an_active_users_account_stands_for_them(account: Account, ines: User) -> None:
    standing = standing_of(account)
    assert (standing.user_id, standing.admitted, standing.reason) == (ines.pk, True, "")


def test_an_administrator_who_is_no_user_is_admitted_and_stands_for_nobody(world: World) -> None:
    standing = standing_of(world.people["administrator"])
    assert (standing.user_id, standing.admitted) == ("", True)


def test_an_account_without_role_and_user_is_nobodys(client: Client) -> None:
    account = services.create(TESTER, EMAIL, (), password=PASSWORD)
    assert standing_of(account).bar is Bar.NOBODY
    assert not signed_in(client)


@pytest.mark.parametrize(
    ("fields", "bar"),
    [
        ({"state": "STAGED"}, Bar.STAGED),
        ({"state": "SUSPENDED"}, Bar.SUSPENDED),
        ({"account_locked": True}, Bar.LOCKED),
        ({"password_expired": True}, Bar.PASSWORD_EXPIRED),
        ({"account_locked": True, "password_expired": True}, Bar.LOCKED),
        ({"state": "SUSPENDED", "account_locked": True}, Bar.SUSPENDED),
    ],
)
def test_what_keeps_a_user_outside_is_named(
    account: Account, ines: User, fields: dict[str, object], bar: Bar
) -> None:
    User.objects.filter(pk=ines.pk).update(**fields)
    assert standing_of(Account.objects.get(pk=account.pk)).bar is bar


def test_a_request_asks_nothing_more_for_it(
    account: Account, django_assert_num_queries: object
) -> None:
    known = Account.objects.get(pk=account.pk)
    with django_assert_num_queries(0):  # type: ignore[operator]  # pytest-django's
        assert standing_of(known).admitted


@pytest.mark.parametrize("how", ["suspend", "lock", "expire", "password", "delete"])
def test_a_session_ends_at_its_next_use(
    client: Client, account: Account, ines: User, how: str
) -> None:
    assert signed_in(client)
    match how:
        case "suspend":
            set_state(ADMIN, HAND, User.objects.filter(pk=ines.pk), State.SUSPENDED)
        case "lock":
            update_users(ADMIN, HAND, [UserChange(ines.pk, {"account_locked": True})])
        case "expire":
            update_users(ADMIN, HAND, [UserChange(ines.pk, {"password_expired": True})])
        case "password":
            services.set_password(ADMIN, account, "another quiet river")
        case "delete":
            services.delete(ADMIN, account)
    assert not is_in(client)


def test_an_asynchronous_page_asks_as_well(account: Account, ines: User) -> None:
    read = async_to_sync(AccountBackend().aget_user)
    assert read(account.pk) == account
    User.objects.filter(pk=ines.pk).update(state="SUSPENDED")
    assert read(account.pk) is None


def test_a_suspension_costs_the_same_for_one_session_and_for_a_thousand(
    account: Account, ines: User
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(sessions: int) -> int:
        for _ in range(sessions):
            Client().force_login(account, backend="rollcall.accounts.backend.AccountBackend")
        with CaptureQueriesContext(connection) as queries:
            set_state(ADMIN, HAND, User.objects.filter(pk=ines.pk), State.SUSPENDED)
        set_state(ADMIN, HAND, User.objects.filter(pk=ines.pk), State.ACTIVATED)
        return len(queries)

    assert cost(1) == cost(50)


@pytest.mark.parametrize("state", ["STAGED", "SUSPENDED"])
def test_a_right_password_does_not_help_who_has_no_access(
    client: Client, account: Account, ines: User, state: str
) -> None:
    User.objects.filter(pk=ines.pk).update(state=state)
    answer = client.post("/account/sign-in/", {"login": EMAIL, "password": PASSWORD}, follow=True)
    assert state.lower() not in answer.content.decode().lower()
    assert not is_in(client)
    refused = Event.objects.get(action="account.sign_in_refused")
    assert (refused.success, refused.reason) == (False, f"the user is {state.lower()}")


def test_whoever_is_shut_out_is_not_the_administrator_who_is_left(
    world: World, ines: User, account: Account
) -> None:
    from rollcall.accounts.errors import LastAdministratorError

    services.change(TESTER, account, roles={Role.ADMINISTRATOR})
    User.objects.filter(pk=ines.pk).update(state="SUSPENDED")
    with pytest.raises(LastAdministratorError):
        services.delete(TESTER, world.people["administrator"])
