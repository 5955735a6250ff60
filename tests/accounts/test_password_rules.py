"""What is asked of a password, decided on plain values."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.accounts.password_rules import (
    MOST,
    Facts,
    Failure,
    PasswordSettings,
    failures,
)

LOOSE = PasswordSettings(min_length=8, refuses_common=False, refuses_names=False, history=0)
STRICT = PasswordSettings(
    min_length=8,
    needs_lowercase=True,
    needs_uppercase=True,
    needs_digit=True,
    needs_symbol=True,
    refuses_runs=True,
)
INES = Facts(names=("Ines", "Berg-Lindqvist", "ines.berg@example.com", "iberg"))


@pytest.mark.parametrize(
    ("asked", "password", "expected"),
    [
        (LOOSE, "x7z k2q", {Failure.TOO_SHORT}),
        (LOOSE, "x7z k2qw", set()),
        (LOOSE, "20112026", {Failure.ONLY_DIGITS}),
        (LOOSE, "q" * (MOST + 1), {Failure.TOO_LONG}),
        (replace(LOOSE, needs_uppercase=True), "straße am fluss", {Failure.NO_UPPERCASE}),
        (replace(LOOSE, needs_uppercase=True), "Äpfel am fluss", set()),
        (replace(LOOSE, needs_lowercase=True), "AM FLUSS OBEN", {Failure.NO_LOWERCASE}),
        (replace(LOOSE, needs_symbol=True), "am fluss oben", {Failure.NO_SYMBOL}),
        (replace(LOOSE, needs_symbol=True), "am fluss, oben", set()),
        (replace(LOOSE, needs_digit=True), "am fluss oben", {Failure.NO_DIGIT}),
        (replace(LOOSE, refuses_runs=True), "river abcd stone", {Failure.RUN}),
        (replace(LOOSE, refuses_runs=True), "river 4321 stone", {Failure.RUN}),
        (replace(LOOSE, refuses_runs=True), "river 1111 stone", {Failure.RUN}),
        (replace(LOOSE, refuses_runs=True), "river 111 abc stone", set()),
        (replace(LOOSE, refuses_names=True), "My IBERG is here", {Failure.HOLDS_NAME}),
        (replace(LOOSE, refuses_names=True), "by ines.berg today", {Failure.HOLDS_NAME}),
        (replace(LOOSE, refuses_names=True), "vines over bergen", {Failure.HOLDS_NAME}),
        (replace(LOOSE, refuses_names=True), "a quiet river", set()),
    ],
)
def test_each_setting_refuses_what_it_names(
    asked: PasswordSettings, password: str, expected: set[Failure]
) -> None:
    assert set(failures(asked, INES, password)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(is_common=True), Failure.COMMON),
        (Facts(used_before=True), Failure.USED_BEFORE),
        (Facts(resembles_name=True), Failure.HOLDS_NAME),
    ],
)
def test_what_is_known_beside_the_password_counts_where_a_setting_asks(
    facts: Facts, expected: Failure
) -> None:
    assert failures(PasswordSettings(), facts, "a quiet river in may") == (expected,)
    assert failures(LOOSE, facts, "a quiet river in may") == ()


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = failures(STRICT, Facts(is_common=True), "1111")
    assert set(found) == {
        Failure.TOO_SHORT,
        Failure.NO_LOWERCASE,
        Failure.NO_UPPERCASE,
        Failure.NO_SYMBOL,
        Failure.ONLY_DIGITS,
        Failure.COMMON,
        Failure.RUN,
    }


@settings(max_examples=30, deadline=None)
@given(password=st.text(alphabet=string.printable, max_size=30), longer=st.integers(8, 64))
def test_stricter_settings_never_take_what_looser_ones_refuse(password: str, longer: int) -> None:
    loose = set(failures(LOOSE, INES, password))
    assert loose <= set(failures(replace(STRICT, min_length=longer), INES, password))
