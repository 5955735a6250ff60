"""A company of any size is a function of its seed."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from datetime import date, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.sandbox.company import LARGEST, Company, peculiar_people
from rollcall.sandbox.lookups import by_email
from rollcall.sandbox.name_pools import MARRIED, POOLS
from rollcall.sandbox.names import ascii_letters, registry


def test_the_same_seed_is_the_same_company() -> None:
    assert list(Company(300, seed=5)) == list(Company(300, seed=5))


def test_another_seed_is_another_company() -> None:
    ours, theirs = Company(300, seed=5), Company(300, seed=6)
    same = sum(a.email == b.email for a, b in zip(ours, theirs, strict=True))
    assert same < 30


@pytest.mark.parametrize("people", [1, 2, 3, 7, 19, 20, 29, 50])
@pytest.mark.parametrize("day", [1, 2])
def test_tiny_companies_are_whole(people: int, day: int) -> None:
    company = Company(people, day=day)
    everybody = list(company)
    assert len(everybody) == len(company) >= people
    assert everybody[0].supervisor is None
    assert all(one.supervisor is not None for one in everybody[1:])


@pytest.mark.parametrize("people", [0, -1, LARGEST + 1])
def test_impossible_sizes_are_refused(people: int) -> None:
    with pytest.raises(ValueError, match="people"):
        Company(people)


def test_ordinary_attributes_are_all_set() -> None:
    for one in Company(500, peculiar=False):
        assert one.email
        assert one.position
        assert one.first_name
        assert one.last_name
        assert one.cost_centers
        assert sum(share.percentage for share in one.cost_centers) == 100
        assert one.created <= one.modified


def test_most_people_are_active_and_every_status_occurs() -> None:
    counts = Counter(one.status for one in Company(10_000))
    shares = {status: count / 100 for status, count in counts.items()}
    assert shares["active"] == pytest.approx(92, abs=1.5)
    assert shares["onboarding"] == pytest.approx(3, abs=1)
    assert shares["leave"] == pytest.approx(2, abs=0.5)
    assert shares["inactive"] == pytest.approx(3, abs=1)


@pytest.mark.parametrize("people", [50, 87, 100])
def test_a_small_company_has_every_status_and_externals_and_split_costs(people: int) -> None:
    everybody = list(Company(people))
    assert {one.status for one in everybody} == {"active", "inactive", "leave", "onboarding"}
    assert {one.employment_type for one in everybody} == {"internal", "external"}
    assert any(len(one.cost_centers) > 1 for one in everybody)


def test_whoever_is_still_to_start_does_so_in_the_weeks_after_today() -> None:
    today = date(2031, 3, 3)
    company = Company(300, today=today)
    coming = [one.hired for one in company if one.status == "onboarding"]
    assert len(coming) == sum(one.hired > today for one in company)
    assert min(coming) > today
    assert any(one <= today + timedelta(days=14) for one in coming)


def test_names_come_in_many_scripts_and_addresses_in_one() -> None:
    everybody = list(Company(87))
    names = " ".join(one.last_name + one.first_name for one in everybody)
    assert any("\u0400" <= letter <= "\u04ff" for letter in names), "Cyrillic"
    assert any(letter > "\u2e00" for letter in names), "East Asian"
    assert any(letter in "äöüß" for letter in names)
    assert all(one.email.isascii() for one in everybody if one.email)


def test_addresses_are_unique_and_lead_back_to_the_person() -> None:
    company = Company(60_000, peculiar=False, day=2)
    addresses = [company.email(at) or "" for at in range(len(company))]
    assert len(set(addresses)) == len(addresses)
    for at in range(0, len(company), 97):
        assert by_email(company, addresses[at]) == [at]


@given(st.integers(0, LARGEST - 1), st.integers(0, 2**32))
def test_a_mailbox_belongs_to_one_position(position: int, seed: int) -> None:
    names = registry(seed)
    assert names.position(names.name(position).mailbox()) == position


def test_every_last_name_comes_from_one_pool() -> None:
    pools = [*(pool.last for pool in POOLS), MARRIED]
    last = [word.partition("=")[2] or word for words in pools for word in set(words.split())]
    spelled = [ascii_letters(word.replace("_", " ")) for word in last]
    assert [word for word, times in Counter(spelled).items() if times > 1] == []
    assert all(word.replace("-", "").isalpha() for word in spelled)


def test_a_clean_company_has_nobody_peculiar() -> None:
    assert list(peculiar_people(Company(500, peculiar=False))) == []


def _peak(people: int) -> int:
    company = Company(people)
    list(islice(company, 100))
    tracemalloc.start()
    for start in (0, people // 2, people - 100):
        list(map(company.person, range(start, start + 100)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_company() -> None:
    assert _peak(1_000_000) <= 2 * _peak(1_000)
