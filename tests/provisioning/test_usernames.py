"""Which username a new user gets."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.provisioning.employee_ids import id_order
from rollcall.provisioning.numbering import Numbering
from rollcall.provisioning.usernames import assign_usernames, username_base
from tests.provisioning import strategies as some
from tests.provisioning.world import employee, planned, user


def assigned(emails: Mapping[str, str], taken: Iterable[str]) -> dict[str, str]:
    """The username of each employee (by id), where these are taken."""
    names = Numbering()
    for name in taken:
        names.add(name.lower())
    in_order = sorted(emails, key=id_order)
    names = Numbering(names)
    numbers = assign_usernames([emails[one] for one in in_order], names)
    return {one: names[number] for one, number in zip(in_order, numbers, strict=True)}


@pytest.mark.parametrize(
    ("email", "base"),
    [
        ("mara.voss@example.org", "mara.voss"),
        ("Jörg.Größe@example.org", "joerg.groesse"),
        ("ÄÖÜ@example.org", "aeoeue"),
        ("jo\u0308rg@example.org", "joerg"),
        ("françois_d'arc@example.org", "francois_darc"),
        ("łukasz+news@example.org", "lukasznews"),
        ("Ωmega@example.org", "omega"),
        ("007.bond@example.org", "bond"),
        ("-._mara-._@example.org", "mara"),
        ("1234@example.org", "user"),
        ("maximiliane.von-und-zu-hohenstein@example.org", "maximiliane.von-und"),
    ],
)
def test_the_username_comes_from_the_local_part_of_the_email(email: str, base: str) -> None:
    assert username_base(email) == base


@given(some.any_text)
def test_every_text_makes_a_valid_username(text: str) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9._-]{0,19}", username_base(text))


def test_a_taken_username_gets_a_number() -> None:
    emails = {"1": "mara@a.example", "2": "mara@b.example", "3": "mara@c.example"}
    assert assigned(emails, []) == {"1": "mara", "2": "mara2", "3": "mara3"}


def test_the_lower_employee_number_keeps_the_plain_name_whoever_arrives_first() -> None:
    emails = {"10": "mara@a.example", "9": "mara@b.example"}
    assert assigned(emails, []) == {"9": "mara", "10": "mara2"}


def test_a_name_of_the_directory_is_taken_whatever_its_case() -> None:
    emails = {"1": "mara@a.example"}
    assert assigned(emails, ["MARA", "Mara2"]) == {"1": "mara3"}


def test_a_numbered_name_is_cut_to_fit() -> None:
    long = "abcdefghijklmnopqrst"
    emails = {"1": f"{long}@a.example", "2": f"{long}@b.example"}
    assert assigned(emails, []) == {"1": long, "2": "abcdefghijklmnopqrs2"}


def test_a_name_that_looks_numbered_belongs_to_whom_it_is_the_plain_one() -> None:
    emails = {"1": "mara@a.example", "2": "mara@b.example", "3": "mara2@a.example"}
    assert assigned(emails, []) == {"1": "mara", "2": "mara3", "3": "mara2"}


@given(st.dictionaries(st.integers(1, 99).map(str), some.emails), st.sets(some.any_text))
def test_names_never_collide(emails: dict[str, str], taken: set[str]) -> None:
    names = list(assigned(emails, taken).values())
    assert len(set(names)) == len(names)
    assert not set(names) & {one.lower() for one in taken}


def test_ten_thousand_people_of_one_name_are_named_in_no_time() -> None:
    emails = {str(number): f"mara@{number}.example" for number in range(10_000)}
    started = time.process_time()
    names = assigned(emails, (f"mara{number}" for number in range(5000)))
    assert time.process_time() - started < 2
    assert names["0"] == "mara"
    assert len(set(names.values())) == 10_000


def test_only_those_who_are_created_use_a_name_up() -> None:
    leaver = employee("1", email="mara@a.example", status="inactive")
    known = employee("2", email="mara@b.example")
    new = employee("3", email="mara@c.example")
    changes = planned([leaver, known, new], [user(2, username="m.voss", email="mara@b.example")])
    assert changes["3"].after("username") == "mara"


def test_usernames_are_as_long_as_the_setting_says() -> None:
    email = "maximiliane.von-und-zu-hohenstein@example.org"
    assert username_base(email) == "maximiliane.von-und"
    assert username_base(email, 30) == "maximiliane.von-und-zu-hohenst"
    names = Numbering()
    names.add("maximiliane.von-und-zu-hohenst")
    (number,) = assign_usernames([email], names, 30)
    assert names[number] == "maximiliane.von-und-zu-hohens2"
