"""Whoever is out is put down once for each application that wants to know, whatever ended it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rollcall.access.oidc import clients, logouts
from rollcall.access.oidc.models import Client, FeedPlace, SignOn
from rollcall.accounts import services as accounts
from rollcall.accounts import sessions, user_accounts
from rollcall.accounts.models import Account
from rollcall.directory import services
from rollcall.directory.models import UserGroup
from rollcall.directory.services import HAND, UserChange
from tests.access.oidc.relying_party import RelyingParty, person, read
from tests.actors import TESTER

pytestmark = pytest.mark.django_db
TOLD_AT = "http://127.0.0.1:9/out"


@pytest.fixture
def wiki(group: UserGroup) -> RelyingParty:
    """An application that wants to be told."""
    return RelyingParty.bound_to(group, backchannel_logout_uri=TOLD_AT)


def owed() -> int:
    return SignOn.objects.filter(logout_due__isnull=False).count()


def change(lena: Account, **fields: object) -> None:
    assert lena.user_id
    services.update_users(TESTER, HAND, [UserChange(lena.user_id, fields)])


def promote(one: Account) -> None:
    change(one, jobTitle="Librarian")


DIRECTORY: dict[str, Callable[[Account], object]] = {
    "suspended": lambda one: change(one, state="SUSPENDED"),
    "locked": lambda one: change(one, account_locked=True),
    "expired": lambda one: user_accounts.expire(TESTER, HAND, [str(one.user_id)]),
    "deleted": lambda one: services.delete_users(TESTER, HAND, [str(one.user_id)]),
}
"""What ends somebody's sessions by way of the directory, whoever writes it."""

ACCOUNTS: dict[str, Callable[[Account], object]] = {
    "new password": lambda lena: accounts.set_password(TESTER, lena, "another quiet river"),
    "sessions ended": lambda lena: sessions.end(
        TESTER, lena, [row.id for row in sessions.of(lena, None)]
    ),
}


# What is being written is in no feed yet (PostgreSQL): only what is committed.
@pytest.mark.django_db(transaction=True)
def test_whatever_the_directory_says_the_application_is_to_be_told_once(
    wiki: RelyingParty, group: UserGroup
) -> None:
    logouts.follow()
    people = {name: person(name, group) for name in (*DIRECTORY, "promoted")}
    files = RelyingParty.bound_to(group, "Files")
    for name, account in people.items():
        party = RelyingParty(wiki.client, wiki.secret).signed_in(account)
        party.tokens()
        # This one does not want to be told.
        RelyingParty(files.client, files.secret, party.browser).tokens()
        DIRECTORY.get(name, promote)(account)
    assert logouts.follow() == len(DIRECTORY)
    told = SignOn.objects.filter(logout_due__isnull=False)
    assert set(told.values_list("account__email", "client__application__displayLabel")) == {
        (f"{name}@example.com", "Wiki") for name in DIRECTORY
    }
    told.update(logout_due=None, logout_told="2026-11-27T12:00Z")
    change(people["suspended"], account_locked=True)
    assert logouts.follow() == 0


@pytest.mark.parametrize("ending", list(ACCOUNTS))
def test_what_ends_at_an_account_is_told_at_once(
    signed_in: RelyingParty, lena: Account, ending: str
) -> None:
    signed_in.tokens()
    ACCOUNTS[ending](lena)
    assert owed() == 1
    ACCOUNTS[ending](lena)
    assert owed() == 1


def test_signing_out_is_told_of_this_browser_alone(signed_in: RelyingParty, lena: Account) -> None:
    phone = RelyingParty(signed_in.client, signed_in.secret).signed_in(lena)
    here = signed_in.verified(signed_in.tokens()["id_token"])["sid"]
    there = phone.verified(phone.tokens()["id_token"])["sid"]
    assert here != there
    signed_in.browser.post("/account/sign-out/")
    assert list(SignOn.objects.filter(logout_due__isnull=False).values_list("sid", flat=True)) == [
        here
    ]


def test_a_session_has_one_name_at_all_applications(
    signed_in: RelyingParty, group: UserGroup
) -> None:
    files = RelyingParty.bound_to(group, "Files")
    files.browser = signed_in.browser
    first = signed_in.verified(signed_in.tokens()["id_token"])["sid"]
    assert files.verified(files.tokens()["id_token"])["sid"] == first
    assert first not in str(signed_in.browser.cookies)


def test_a_code_that_is_on_its_way_lets_nobody_in_after_signing_out(
    signed_in: RelyingParty,
) -> None:
    code = signed_in.code()
    signed_in.browser.post("/account/sign-out/")
    assert read(signed_in.exchange(code))["error"] == "invalid_grant"
    assert owed() == 0


def test_what_was_forgotten_of_the_changes_makes_it_look_at_everybody(
    signed_in: RelyingParty, lena: Account
) -> None:
    signed_in.tokens()
    change(lena, state="SUSPENDED")
    FeedPlace.objects.update_or_create(pk=1, defaults={"cursor": "no cursor"})
    logouts.follow()
    assert owed() == 1


def test_nobody_is_followed_where_nobody_wants_to_be_told(signed_in: RelyingParty) -> None:
    logouts.follow()
    Client.objects.update(backchannel_logout_uri="")
    logouts.follow()
    assert not FeedPlace.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_sessions_cost_no_more_statements_than_one(
    signed_in: RelyingParty, lena: Account
) -> None:
    logouts.follow()
    signed_in.tokens()
    one = SignOn.objects.get()
    copies = [
        SignOn(**{field.attname: getattr(one, field.attname) for field in SignOn._meta.fields})
        for _ in range(1000)
    ]
    for number, copy in enumerate(copies):
        copy.pk, copy.code, copy.sid = None, f"c{number}", f"s{number}"
    SignOn.objects.bulk_create(copies)
    change(lena, state="SUSPENDED")
    with CaptureQueriesContext(connection) as queries:
        assert logouts.follow() == 1001
    assert len(queries) <= 10  # those of the feed among them


@pytest.mark.parametrize(
    "address",
    [
        "http://app.example.com/out",
        "https://app.example.com/out#x",
        "https://intranet.example.com/out",
        "ftp://127.0.0.1/out",
        "http://127.0.0.1.example.com/out",
    ],
)
def test_rollcall_calls_no_address_that_the_operator_does_not_list(
    group: UserGroup, address: str
) -> None:
    with pytest.raises(clients.Unregistrable):
        RelyingParty.bound_to(group, backchannel_logout_uri=address)
