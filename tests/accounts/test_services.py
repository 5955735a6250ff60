"""Accounts are written by verbs, each of which is an event; their rules hold at every door."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.accounts import services
from rollcall.accounts.errors import (
    EmailMalformedError,
    EmailTakenError,
    LastAdministratorError,
)
from rollcall.accounts.models import Account, Role
from rollcall.audit.models import Event
from tests.actors import ADMIN, TESTER

pytestmark = pytest.mark.django_db
PASSWORD = "a quiet river in may"


def administrator(email: str = "ines@example.com", *roles: Role) -> Account:
    return services.create(TESTER, email, roles or (Role.ADMINISTRATOR,), password=PASSWORD)


def test_a_new_account_has_its_roles_and_a_normalized_email() -> None:
    administrator(" Ines@Example.COM ", Role.MANAGER, Role.READ_ONLY)
    account = Account.objects.get()
    assert account.email == "ines@example.com"
    assert account.roles == {Role.MANAGER, Role.READ_ONLY}
    assert account.check_password(PASSWORD)
    event = Event.objects.get()
    assert (event.action, event.actor_name) == ("administrator.create", TESTER.name)
    assert event.after == {"email": "ines@example.com", "roles": ["manager", "read_only"]}


def test_without_a_password_nobody_signs_in() -> None:
    account = services.create(TESTER, "ines@example.com", {Role.MANAGER})
    assert not account.has_usable_password()


def test_an_email_signs_in_one_account() -> None:
    administrator()
    with pytest.raises(EmailTakenError):
        administrator("INES@example.com")
    assert (Account.objects.count(), Event.objects.count()) == (1, 1)


@pytest.mark.parametrize("email", ["", "ines", "ines@example", "i nes@example.com", "a" * 300])
def test_what_is_no_email_makes_no_account(email: str) -> None:
    with pytest.raises(EmailMalformedError):
        administrator(email)
    assert not Account.objects.exists()


def test_an_email_may_be_in_another_script() -> None:
    assert administrator("zoë@пример.example").email == "zoë@пример.example"


def test_roles_are_changed_as_a_set() -> None:
    account = administrator("ines@example.com", Role.MANAGER)
    changed = services.change(ADMIN, account, roles={Role.READ_ONLY, Role.MANAGER})
    assert changed.roles == {Role.READ_ONLY, Role.MANAGER}
    event = Event.objects.latest("pk")
    assert (event.before, event.after) == (
        {"roles": ["manager"]},
        {"roles": ["manager", "read_only"]},
    )
    assert services.change(ADMIN, changed, roles=()).roles == frozenset()


def test_what_changes_nothing_is_no_event() -> None:
    account = administrator()
    services.change(ADMIN, account, roles={Role.ADMINISTRATOR}, is_active=True)
    services.set_language(ADMIN, account, "")
    assert Event.objects.count() == 1


Attempt = Callable[[Account], object]
ATTEMPTS: dict[str, Attempt] = {
    "demote": lambda account: services.change(ADMIN, account, roles={Role.MANAGER}),
    "take every role": lambda account: services.change(ADMIN, account, roles=()),
    "deactivate": lambda account: services.change(ADMIN, account, is_active=False),
    "delete": lambda account: services.delete(ADMIN, account),
}


@pytest.mark.parametrize("name", ATTEMPTS)
def test_the_last_active_administrator_remains(name: str) -> None:
    last = administrator()
    administrator("manager@example.com", Role.MANAGER)
    gone = administrator("gone@example.com")
    services.change(ADMIN, gone, is_active=False)
    events = Event.objects.count()
    with pytest.raises(LastAdministratorError):
        ATTEMPTS[name](last)
    account = Account.objects.get(pk=last.pk)
    assert account.is_active
    assert account.roles == {Role.ADMINISTRATOR}
    assert Event.objects.count() == events


@pytest.mark.parametrize("name", ATTEMPTS)
def test_one_of_two_administrators_may_go(name: str) -> None:
    account = administrator()
    administrator("other@example.com")
    ATTEMPTS[name](account)
    assert Event.objects.latest("pk").target_id == str(account.pk)


STEPS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.none() | st.frozensets(st.sampled_from(list(Role))),
        st.none() | st.booleans(),
    ),
    max_size=8,
)


@settings(deadline=None, max_examples=30)
@given(STEPS)
def test_whatever_is_changed_somebody_administers_rollcall(
    steps: list[tuple[int, frozenset[Role] | None, bool | None]],
) -> None:
    with transaction.atomic():
        accounts = [
            services.create(TESTER, f"{number}@example.com", roles)
            for number, roles in enumerate(({Role.ADMINISTRATOR}, {Role.MANAGER}, ()))
        ]
        for number, roles, is_active in steps:
            with suppress(LastAdministratorError):
                services.change(ADMIN, accounts[number], roles=roles, is_active=is_active)
            assert Account.objects.with_role(Role.ADMINISTRATOR).filter(is_active=True).exists()
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_demote_each_other_leave_one() -> None:
    accounts = [administrator(), administrator("other@example.com")]
    ready = threading.Barrier(2)

    def demote(account: Account) -> None:
        ready.wait()
        try:
            services.change(ADMIN, account, roles={Role.MANAGER})
        except LastAdministratorError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=demote, args=(account,)) for account in accounts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Account.objects.with_role(Role.ADMINISTRATOR).count() == 1


def test_a_deleted_account_is_named_by_its_event() -> None:
    account = administrator("gone@example.com", Role.MANAGER)
    services.delete(ADMIN, account)
    assert not Account.objects.exists()
    event = Event.objects.latest("pk")
    assert (event.action, event.target_name) == ("administrator.delete", "gone@example.com")


def test_a_reset_takes_factors_away_ends_the_password_and_makes_active_again() -> None:
    account = administrator()
    administrator("other@example.com")
    TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    services.change(ADMIN, account, is_active=False)
    services.reset(TESTER, account)
    account.refresh_from_db()
    assert account.is_active
    assert not account.has_usable_password()
    assert not Authenticator.objects.exists()
    assert Event.objects.latest("pk").action == "administrator.reset"


def test_no_event_holds_a_password() -> None:
    account = administrator()
    services.set_password(ADMIN, account, "seven grey geese at dawn")
    told = str(list(Event.objects.values()))
    assert PASSWORD not in told
    assert "geese" not in told
