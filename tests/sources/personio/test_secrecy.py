"""No secret, token or person is ever in a representation, an error, a log or an address."""

from __future__ import annotations

import logging
import traceback

import pytest

from rollcall.sources.personio.account import Account
from rollcall.sources.personio.client import Personio
from rollcall.sources.personio.errors import PersonioError
from rollcall.sources.personio.token import Issued, Lease
from tests.sources.personio.recorded import (
    ATTRIBUTES,
    CLIENT_ID,
    CLIENT_SECRET,
    Answer,
    Asked,
    Recorded,
    blacklisted,
    failure,
    person,
    serving,
    web_page,
)

TELLING = (CLIENT_ID, CLIENT_SECRET, "papi-invented-token", "Jördis", "Brandt-", "nordlicht-werke")
CUT_OFF = Answer(200, '{"data": [{"first_name": "Jördis Brandt-1"'.encode())


def read_everything(personio: Personio) -> int:
    personio.check(ATTRIBUTES)
    return sum(len(page.employees) for page in personio.employees(ATTRIBUTES))


def tells(text: str) -> list[str]:
    return [word for word in TELLING if word in text]


def test_representations_hide_secrets() -> None:
    account = Account(url="http://127.0.0.1", client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
    token = "papi-invented-token-1"
    assert tells(f"{account!r} {account} {Issued(token)!r} {Lease(token, 1)!r}") == []


def test_the_log_of_a_whole_read_holds_no_secret_and_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    recorded = Recorded([person(number) for number in range(1, 301)])

    def spoil(number: int, asked: Asked) -> Answer | None:
        return {3: blacklisted(), 4: CUT_OFF, 5: failure(429, 429, "Too Many")}.get(number)

    recorded.meddle = spoil
    with (
        caplog.at_level(logging.DEBUG),
        serving(recorded),
        Personio(recorded.account()) as personio,
    ):
        assert read_everything(personio) == 300
    # The transport's own debug log is there: Personio sends the token back in a header.
    assert "receive_response_headers" in caplog.text
    assert "next try in" in caplog.text
    assert tells(caplog.text) == []


@pytest.mark.parametrize(
    "answer",
    [CUT_OFF, web_page(), blacklisted(), failure(403, 0, "Jördis"), failure(418, 0, "Jördis")],
    ids=["cut off", "web page", "401", "403", "418"],
)
@pytest.mark.parametrize("first_bad", [0, 1, 2])
def test_errors_with_all_that_led_to_them_hold_no_secret_and_nobody(
    answer: Answer, first_bad: int
) -> None:
    recorded = Recorded([person(1)])
    recorded.meddle = lambda number, asked: answer if number >= first_bad else None
    with (
        serving(recorded),
        Personio(recorded.account(tries=3)) as personio,
        pytest.raises(PersonioError) as caught,
    ):
        read_everything(personio)
    assert tells("".join(traceback.format_exception(caught.value))) == []
    assert "\n" not in str(caught.value)


def test_addresses_hold_no_secret() -> None:
    recorded = Recorded([person(1)])
    with serving(recorded), Personio(recorded.account()) as personio:
        read_everything(personio)
    assert tells(" ".join(f"{one.path} {one.query}" for one in recorded.asked)) == []
