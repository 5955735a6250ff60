"""Kinds of source: found by their keys, describing their accounts, extended by whoever wants to."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from rollcall.core.account_fields import FieldType
from rollcall.sources import registry
from rollcall.sources.base import LONGEST_KEY, account_key
from rollcall.sources.errors import SettingsError
from tests.sources import toy


@pytest.fixture
def toy_kind() -> Iterator[None]:
    """The toy source, known for the time of a test."""
    registry.register(toy.KIND)
    yield
    registry.unregister("toy")


def test_every_room_has_a_kind_under_its_own_name() -> None:
    assert [registry.get(key).key for key in registry.known_keys()] == list(registry.ROOMS)


def test_a_kind_that_nobody_knows_is_refused_with_those_there_are() -> None:
    with pytest.raises(SettingsError, match=r"`abacus` is not known; there are: personio"):
        registry.get("abacus")


@pytest.mark.usefixtures("toy_kind")
def test_a_registered_kind_is_known_until_it_is_taken_away() -> None:
    assert registry.get("toy") is toy.KIND
    assert registry.known_keys() == (*registry.ROOMS, "toy")
    registry.unregister("toy")
    assert registry.known_keys() == registry.ROOMS


@pytest.mark.usefixtures("toy_kind")
def test_a_kinds_fields_have_names_and_variables_of_their_own() -> None:
    for kind in map(registry.get, registry.known_keys()):
        assert len({field.name for field in kind.fields}) == len(kind.fields)
        assert len({field.variable for field in kind.fields}) == len(kind.fields)
        choices = [field for field in kind.fields if field.type is FieldType.CHOICE]
        assert all(field.default in dict(field.choices) for field in choices)


def test_an_account_is_kept_as_json_and_is_the_same_afterwards() -> None:
    values = {"TOY_CLUB": "Chess", "TOY_PASSWORD": "open sesame", "TOY_MEMBERS": "1;A;B;a@b.c;;"}
    account = toy.KIND.account(values)
    kept = json.loads(json.dumps(toy.KIND.to_record(account)))
    assert toy.KIND.from_record(kept) == account


def test_an_account_is_known_by_its_kind_and_by_which_it_is() -> None:
    assert account_key("toy", "chess") == "toy:chess"
    assert registry.kind_of("toy:chess") == registry.kind_of("toy") == "toy"


def test_a_long_account_is_known_by_a_digest_that_is_its_own() -> None:
    long, longer = account_key("toy", "x" * 100), account_key("toy", "x" * 101)
    assert long != longer
    assert max(len(long), len(longer)) <= LONGEST_KEY
