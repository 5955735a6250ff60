"""Known and unknown e-mails are answered alike, with as many statements and hashes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from rollcall.accounts import services
from rollcall.accounts.models import Role
from rollcall.mail.models import OutgoingMessage
from tests.actors import TESTER
from tests.web.world import World

pytestmark = pytest.mark.django_db
KNOWN = "manager@example.com"
UNKNOWN = "nobody@example.com"
INVITED = "invited@example.com"


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password is hashed."""

    count = 0

    def encode(self, password: str, salt: str) -> str:
        """The hash, counted."""
        type(self).count += 1
        return super().encode(password, salt)


@dataclass(frozen=True)
class Work:
    """What a request costs: its statements, without their values, and its hashes."""

    statements: list[str]
    hashes: int
    answer: tuple[int, str]


@pytest.fixture
def _counted(world: World, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["tests.web.signin.test_same_work.CountingHasher"]
    services.create(TESTER, INVITED, {Role.READ_ONLY})
    for account in world.people.values():
        services.set_password(TESTER, account, "a quiet river in may")


def work(ask: Callable[[Client], tuple[int, str]]) -> Work:
    """What it costs to ask this, by somebody who was never here."""
    cache.clear()
    before, CountingHasher.count = CountingHasher.count, 0
    with CaptureQueriesContext(connection) as queries:
        answer = ask(Client())
    hashes, CountingHasher.count = CountingHasher.count, before
    return Work([_verb(query["sql"]) for query in queries], hashes, answer)


def _verb(sql: str) -> str:
    """The kind of statement and its table."""
    words = re.findall(r'^\s*(\w+)|(?:FROM|INTO|UPDATE)\s+"(\w+)"', sql)
    return " ".join(word for pair in words for word in pair if word)


def forgotten(email: str) -> Callable[[Client], tuple[int, str]]:
    def ask(client: Client) -> tuple[int, str]:
        answer = client.post("/account/password/forgotten/", {"email": email})
        return answer.status_code, answer["Location"]

    return ask


def wrong_passwords(email: str, times: int) -> Callable[[Client], tuple[int, str]]:
    def ask(client: Client) -> tuple[int, str]:
        for _ in range(times):
            form = {"login": email, "password": "a wrong password"}
            answer = client.post("/account/sign-in/", form)
        return answer.status_code, answer.content.decode().replace(email, "")[-200:]

    return ask


@pytest.mark.usefixtures("_counted")
@pytest.mark.parametrize("other", [UNKNOWN, "straße@example.org"])
def test_a_forgotten_password_takes_the_same_work(other: str) -> None:
    known, unknown = work(forgotten(KNOWN)), work(forgotten(other))
    assert known.statements == unknown.statements
    assert (known.hashes, known.answer) == (unknown.hashes, unknown.answer)


@pytest.mark.usefixtures("_counted")
def test_what_is_done_for_nobody_reaches_nobody() -> None:
    work(forgotten(UNKNOWN))
    # One for the e-mail that was typed, one for the recovery e-mail that somebody might have.
    rows = OutgoingMessage.objects.all()
    kept = [(row.recipient, bytes(row.content), row.state) for row in rows]
    assert kept == [("", b"", "given_up")] * 2


@pytest.mark.usefixtures("_counted")
@pytest.mark.parametrize("times", [1, 5, 6])
@pytest.mark.parametrize("other", [UNKNOWN, INVITED])
def test_a_wrong_password_takes_the_same_work(times: int, other: str) -> None:
    known, unknown = work(wrong_passwords(KNOWN, times)), work(wrong_passwords(other, times))
    assert known.statements == unknown.statements
    assert known.hashes == unknown.hashes
    assert known.answer[0] == unknown.answer[0]
