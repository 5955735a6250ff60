"""One token serves all threads; when it ends, one login brings the next."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from rollcall.sources.personio.errors import CredentialsRefused
from rollcall.sources.personio.token import Issued, Tokens
from rollcall.sources.personio.v1.client import PersonioV1
from tests.sources.personio.recorded import (
    ATTRIBUTES,
    CLIENT_ID,
    CLIENT_SECRET,
    Answer,
    Asked,
    Recorded,
    blacklisted,
    person,
    serving,
)


def company(size: int) -> Recorded:
    return Recorded([person(number) for number in range(1, size + 1)])


def read(recorded: Recorded) -> int:
    with serving(recorded), PersonioV1(recorded.account()) as personio:
        personio.check(ATTRIBUTES)
        reading = personio.employees(ATTRIBUTES)
        count = sum(len(page.employees) for page in reading)
        assert reading.summary.complete
    return count


def test_one_login_serves_a_whole_read() -> None:
    recorded = company(1000)
    assert read(recorded) == 1000
    assert recorded.logins == 1


def test_a_token_that_ends_in_the_middle_is_replaced_by_one_login() -> None:
    recorded = company(1500)
    ends = [True]

    def end(number: int, asked: Asked) -> Answer | None:
        if number == 7 and ends:
            recorded.end_token()
        return None

    recorded.meddle = end
    assert read(recorded) == 1500
    assert recorded.logins == 2


def test_the_authorization_header_of_answers_is_not_needed_nor_the_life_of_the_token() -> None:
    recorded = company(150)
    recorded.expires_in = None
    assert read(recorded) == 150


def test_credentials_travel_in_the_body_and_never_in_the_address() -> None:
    recorded = company(1)
    read(recorded)
    login = recorded.asked[0]
    assert (login.method, login.path, login.query) == ("POST", "/v1/auth", ())
    assert CLIENT_ID.encode() in login.body
    assert CLIENT_SECRET.encode() in login.body


def test_every_call_says_which_application_it_comes_from() -> None:
    recorded = company(1)
    read(recorded)
    assert {one.headers.get("x-personio-app-id") for one in recorded.asked} == {"ROLLCALL"}


def test_tokens_that_are_all_refused_end_in_a_clear_error_after_few_logins() -> None:
    recorded = company(1)
    recorded.meddle = lambda number, asked: None if asked.path == "/v1/auth" else blacklisted()
    with (
        serving(recorded),
        PersonioV1(recorded.account()) as personio,
        pytest.raises(CredentialsRefused, match="refuses every token"),
    ):
        personio.check(ATTRIBUTES)
    assert recorded.logins == 5


def test_many_threads_with_one_refused_token_log_in_once() -> None:
    logins: list[int] = []

    def log_in() -> Issued:
        logins.append(1)
        return Issued(f"token-{len(logins)}")

    tokens = Tokens(log_in)
    first = tokens.current()
    start = threading.Barrier(8)

    def refused_and_again(_: int) -> str:
        start.wait()
        tokens.refused(first)
        return tokens.current().token

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(refused_and_again, range(8))) == {"token-2"}
    assert len(logins) == 2


def test_the_same_text_issued_twice_is_a_new_token() -> None:
    tokens = Tokens(lambda: Issued("papi-same-all-day"))
    first = tokens.current()
    tokens.refused(first)
    second = tokens.current()
    tokens.refused(first)
    assert tokens.current() == second != first


def test_a_token_is_renewed_ahead_of_its_end() -> None:
    now = [1000.0]
    issued = [0]

    def log_in() -> Issued:
        issued[0] += 1
        return Issued(f"token-{issued[0]}", 86400)

    tokens = Tokens(log_in, clock=lambda: now[0])
    assert tokens.current().token == "token-1"
    now[0] += 86400 - 301
    assert tokens.current().token == "token-1"
    now[0] += 2
    assert tokens.current().token == "token-2"


def test_a_token_that_worked_makes_earlier_refusals_forgotten() -> None:
    tokens = Tokens(lambda: Issued("token"))
    for _ in range(20):
        tokens.refused(tokens.current())
        tokens.current()
        tokens.worked()
