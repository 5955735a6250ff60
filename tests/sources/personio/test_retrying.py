"""How long to wait before another try, and when to give up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rollcall.sources.personio.errors import PersonioUnreachable
from rollcall.sources.personio.retrying import (
    Elsewhere,
    Fault,
    Patience,
    Throttled,
    persist,
    retry_after,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        ("1.5", 1.5),
        ("Tue, 24 Nov 2026 12:00:30 GMT", 30.0),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0.0),
        ("Tue, 24 Nov 2026 13:00:30 +0100", 30.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


def test_waits_double_up_to_a_ceiling() -> None:
    patience = Patience(jitter=lambda: 0.0)
    waits = [patience.wait_before_next(Fault("x"), nth) for nth in range(1, 8)]
    assert waits == [0.2, 0.4, 0.8, 1.6, 3.0, 3.0, 3.0]


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_the_wait_after_429_is_a_second_at_the_least(jitter: float) -> None:
    patience = Patience(jitter=lambda: jitter)
    assert patience.wait_before_next(Throttled("x"), 1) >= 1.0
    assert patience.wait_before_next(Throttled("x"), 3) >= 4.0


def test_waits_are_scattered() -> None:
    patience = Patience()
    assert len({patience.wait_before_next(Fault("x"), 3) for _ in range(20)}) > 10


def test_what_personio_asks_to_wait_is_kept_to_and_capped() -> None:
    patience = Patience(jitter=lambda: 0.0)
    assert patience.wait_before_next(Throttled("x", retry_after=17), 1) == 17
    assert patience.wait_before_next(Fault("x", retry_after=17), 1) == 17
    assert patience.wait_before_next(Throttled("x", retry_after=86400), 1) == 120
    assert patience.wait_before_next(Throttled("x", retry_after=0), 1) == 1


def attempts(fault: Fault, patience: Patience) -> int:
    made = []

    def call() -> None:
        made.append(1)
        raise fault

    with pytest.raises(PersonioUnreachable):
        persist(call, patience, lambda seconds: None, lambda fault, wait: None)
    return len(made)


def test_twenty_tries_are_made_and_few_where_the_address_is_to_blame() -> None:
    assert attempts(Fault("x"), Patience()) == 20
    assert attempts(Elsewhere("x", tries=4), Patience()) == 4


def test_time_runs_out_even_when_tries_are_left() -> None:
    assert attempts(Fault("x"), Patience(longest=timedelta(0).total_seconds())) == 1


def test_other_errors_are_not_tried_again() -> None:
    made = []

    def call() -> None:
        made.append(1)
        raise PersonioUnreachable("stopped")

    with pytest.raises(PersonioUnreachable, match="stopped"):
        persist(call, Patience(), lambda seconds: None, lambda fault, wait: None)
    assert len(made) == 1
