"""What goes wrong now and then does not stop a read: it is tried again, and comes out right."""

from __future__ import annotations

import random
import time

import pytest

from rollcall.sources.personio.errors import PersonioMisbehaved, PersonioUnreachable
from rollcall.sources.personio.v1.client import PersonioV1
from tests.sources.personio.recorded import (
    ATTRIBUTES,
    Answer,
    Asked,
    Recorded,
    as_json,
    failure,
    person,
    serving,
    web_page,
)

TRUNCATED = Answer(200, b'{"success": true, "data": [{"type": "Emp')
NOT_JSON = Answer(200, b"All systems are busy", kind="text/plain")
FAULTS = {
    "429": failure(429, 429, "Too Many Requests"),
    "500": failure(500, 500, "Something went wrong"),
    "502 with a web page": web_page(502),
    "503 without a body": Answer(503),
    "504": failure(504, 504, "Gateway timeout"),
    "a dropped connection": Answer(drop=True),
    "a body that breaks off": Answer(200, b'{"success": true, "data": []}' * 50, cut=True),
    "a truncated page": TRUNCATED,
    "no JSON": NOT_JSON,
    "JSON that is no object": as_json([1, 2]),
    "a web page in Personio's place": web_page(),
    "bytes that are no text": Answer(200, b'{"data": "\xff\xfe"}'),
}


MOST_IN_FLIGHT = 4
"""Pages that are asked for at once, as an account has it by default."""


def company(size: int) -> Recorded:
    return Recorded([person(number) for number in range(1, size + 1)])


def ids_read(recorded: Recorded, **changes: object) -> list[str]:
    with serving(recorded), PersonioV1(recorded.account(**changes)) as personio:
        reading = personio.employees(ATTRIBUTES)
        ids = [employee.id for page in reading for employee in page.employees]
        assert reading.summary.complete
    return ids


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_in_the_middle_of_a_read_is_tried_again(fault: Answer) -> None:
    recorded = company(350)
    recorded.meddle = lambda number, asked: fault if number in (3, 4) else None
    assert len(ids_read(recorded)) == 350


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_at_the_login_is_tried_again(fault: Answer) -> None:
    recorded = company(3)
    recorded.meddle = lambda number, asked: fault if number in (0, 1) else None
    assert len(ids_read(recorded)) == 3


def test_a_page_that_takes_too_long_is_asked_for_again() -> None:
    recorded = company(350)
    slow = {200}

    def doze(asked: Asked) -> None:
        if asked.offset in slow:
            slow.remove(asked.offset)
            time.sleep(0.5)

    recorded.before_page = doze
    assert len(ids_read(recorded, timeout=0.25)) == 350


@pytest.mark.parametrize("seed", range(4))
def test_with_one_answer_in_ten_going_wrong_in_each_of_six_ways_everybody_is_read(
    seed: int,
) -> None:
    recorded = company(5000)
    chance = random.Random(seed)
    wrong = ["429", "500", "502 with a web page", "a dropped connection", "a truncated page"]

    def spoil(number: int, asked: Asked) -> Answer | None:
        if chance.random() < 0.1:
            recorded.end_token()
        for name in wrong:
            if chance.random() < 0.1:
                return FAULTS[name]
        return None

    recorded.meddle = spoil
    ids = ids_read(recorded, throttle_wait=0.005, retry_wait=0.001)
    assert sorted(ids, key=int) == [str(number) for number in range(1, 5001)]


def test_a_failure_that_stays_is_given_up_with_one_clear_line() -> None:
    recorded = company(3)
    recorded.meddle = lambda number, asked: failure(500, 500, "Something went wrong")
    with (
        serving(recorded),
        PersonioV1(recorded.account(tries=4)) as personio,
        pytest.raises(PersonioUnreachable, match="HTTP 500") as caught,
    ):
        personio.check(ATTRIBUTES)
    assert "\n" not in str(caught.value)
    assert not caught.value.permanent
    assert len(recorded.asked) == 4


def test_a_failure_that_personio_reports_with_status_200_is_an_error() -> None:
    recorded = company(3)
    busy = failure(200, 0, "Something is not right")
    recorded.meddle = lambda number, asked: busy if asked in recorded.pages() else None
    with (
        serving(recorded),
        PersonioV1(recorded.account()) as personio,
        pytest.raises(PersonioMisbehaved),
    ):
        list(personio.employees(ATTRIBUTES))


def test_retry_after_keeps_all_threads_from_sending() -> None:
    recorded = company(3000)
    throttled = failure(429, 429, "Too Many Requests", Retry_After="1")
    recorded.meddle = lambda number, asked: throttled if number == 5 else None
    assert len(ids_read(recorded)) == 3000
    refused, later = recorded.times[5], recorded.times[6:]
    # What was on its way with the refused request may still arrive, and what the other threads
    # send before they hear of it; a slow machine may take its time over both, the rest may not.
    early = [time for time in later if time < refused + 1]
    assert len(early) < 2 * MOST_IN_FLIGHT < len(later)


def test_closing_wakes_whoever_waits_to_try_again() -> None:
    recorded = company(300)
    throttled = failure(429, 429, "Too Many Requests", Retry_After="60")
    recorded.meddle = lambda number, asked: throttled if asked.offset == 100 else None
    started = time.monotonic()
    with serving(recorded), PersonioV1(recorded.account()) as personio:
        next(iter(personio.employees(ATTRIBUTES)))
    assert time.monotonic() - started < 5
