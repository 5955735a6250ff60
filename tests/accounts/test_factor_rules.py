"""Who needs a second factor, and until when they may do without: the decision by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from rollcall.accounts.factor_rules import (
    RECOVERY_CODES,
    TOTP,
    WEBAUTHN,
    Person,
    Rules,
    Status,
    decide,
    overall,
    status_of,
)

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
DAY = timedelta(days=1)
LONG_AGO = NOW - 100 * DAY
ALL = frozenset({TOTP, WEBAUTHN, RECOVERY_CODES})


def test_without_a_rule_nothing_is_required() -> None:
    enrolment = decide(Rules(), Person(joined=LONG_AGO), NOW)
    assert (enrolment.required, enrolment.is_due, enrolment.until) == (False, False, None)
    assert overall(enrolment) is Status.NOT_ENROLLED


def test_the_period_begins_with_the_rule() -> None:
    rules = Rules(enrolment_days=7, everybody_since=NOW - 2 * DAY)
    enrolment = decide(rules, Person(joined=LONG_AGO), NOW)
    assert (enrolment.until, enrolment.in_period) == (NOW + 5 * DAY, True)
    assert enrolment.days_left(NOW) == 5
    assert not enrolment.is_due
    assert overall(enrolment) is Status.IN_ENROLLMENT


def test_who_comes_later_gets_the_whole_period() -> None:
    rules = Rules(enrolment_days=7, everybody_since=LONG_AGO)
    assert decide(rules, Person(joined=NOW - DAY), NOW).until == NOW + 6 * DAY


def test_after_the_period_a_factor_is_due() -> None:
    rules = Rules(enrolment_days=7, everybody_since=NOW - 7 * DAY)
    enrolment = decide(rules, Person(joined=LONG_AGO), NOW)
    assert enrolment.is_due
    assert overall(enrolment) is Status.ENROLLMENT_EXPIRED


def test_a_period_of_no_days_is_none() -> None:
    rules = Rules(enrolment_days=0, everybody_since=NOW)
    assert decide(rules, Person(joined=LONG_AGO), NOW).is_due


def test_the_earliest_rule_counts() -> None:
    rules = Rules(enrolment_days=7, everybody_since=NOW)
    person = Person(required_since=NOW - 3 * DAY, joined=LONG_AGO)
    assert decide(rules, person, NOW).until == NOW + 4 * DAY


def test_an_administrator_may_give_more_or_less_time() -> None:
    rules = Rules(enrolment_days=7, everybody_since=LONG_AGO)
    more = Person(joined=LONG_AGO, excluded_until=NOW + DAY)
    assert not decide(rules, more, NOW).is_due
    rules = Rules(enrolment_days=7, everybody_since=NOW - DAY)
    less = Person(joined=LONG_AGO, excluded_until=NOW)
    assert decide(rules, less, NOW).is_due


def test_a_period_from_before_the_rule_takes_no_time_away() -> None:
    rules = Rules(enrolment_days=7, everybody_since=NOW)
    person = Person(joined=LONG_AGO, excluded_until=NOW - 30 * DAY)
    assert decide(rules, person, NOW).until == NOW + 7 * DAY


def test_recovery_codes_are_no_second_factor() -> None:
    rules = Rules(enrolment_days=0, everybody_since=NOW)
    assert decide(rules, Person(frozenset({RECOVERY_CODES})), NOW).is_due


def test_a_factor_that_is_not_allowed_any_more_does_not_count() -> None:
    rules = Rules(allowed=frozenset({WEBAUTHN}), enrolment_days=0, everybody_since=NOW)
    person = Person(frozenset({TOTP}))
    enrolment = decide(rules, person, NOW)
    assert enrolment.is_due
    assert status_of(TOTP, rules, person, enrolment) is Status.ENROLLED
    assert status_of(WEBAUTHN, rules, person, enrolment) is Status.ENROLLMENT_EXPIRED


@pytest.mark.parametrize(("factor", "other"), [(TOTP, WEBAUTHN), (WEBAUTHN, TOTP)])
def test_each_factor_is_told_apart(factor: str, other: str) -> None:
    rules = Rules(allowed=frozenset({factor}), everybody_since=NOW)
    person = Person(frozenset({factor}))
    enrolment = decide(rules, person, NOW)
    assert overall(enrolment) is Status.ENROLLED
    assert status_of(factor, rules, person, enrolment) is Status.ENROLLED
    assert status_of(other, rules, person, enrolment) is Status.DISABLED


moments = some.none() | some.integers(-400, 400).map(lambda days: NOW + days * DAY)


@settings(max_examples=30)
@given(
    some.frozensets(some.sampled_from(sorted(ALL))),
    some.integers(0, 365),
    some.tuples(moments, moments, moments, moments),
)
def test_nobody_with_an_allowed_factor_is_kept_out_and_nobody_in_the_period(
    held: frozenset[str], days: int, times: tuple[datetime | None, ...]
) -> None:
    everybody, own, joined, excluded = times
    rules = Rules(enrolment_days=days, everybody_since=everybody)
    enrolment = decide(rules, Person(held, own, joined, excluded), NOW)
    assert enrolment.required == (everybody is not None or own is not None)
    if held & {TOTP, WEBAUTHN} or not enrolment.required or enrolment.in_period:
        assert not enrolment.is_due
    else:
        assert enrolment.is_due
    assert (enrolment.days_left(NOW) > 0) == enrolment.in_period
