"""Keys as numbers: nothing is lost and nothing confused by keeping texts in little memory."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from rollcall.provisioning.numbering import NONE, Holders, Numbering
from tests.provisioning import strategies as some

texts = st.lists(some.any_text, max_size=80)


@given(texts, texts)
def test_each_text_has_one_number_and_each_number_its_text(
    there: list[str], asked: list[str]
) -> None:
    numbering = Numbering()
    numbers = [numbering.add(text) for text in there]
    assert list(numbering) == list(dict.fromkeys(there))
    assert [numbering[number] for number in numbers] == there
    known = dict(zip(there, numbers, strict=True))
    assert [numbering.find(text) for text in asked] == [known.get(text, NONE) for text in asked]


@given(texts, texts)
def test_a_numbering_goes_on_from_another_that_stays_as_it_is(
    before: list[str], after: list[str]
) -> None:
    first = Numbering()
    for text in before:
        first.add(text)
    second = Numbering(first)
    numbers = [second.add(text) for text in after]
    assert list(second) == list(dict.fromkeys([*before, *after]))
    assert [second[number] for number in numbers] == after
    assert list(first) == list(dict.fromkeys(before))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 99))))
def test_all_holders_of_a_number_are_found_and_those_of_several_known(
    pairs: list[tuple[int, int]],
) -> None:
    holders, expected = Holders(), defaultdict(list)
    for number, holder in pairs:
        holders.add(number, holder)
        expected[number].append(holder)
    for number in range(-1, 12):
        assert holders.of(number) == tuple(expected.get(number, ()))
    assert dict(holders.shared()) == {k: v for k, v in expected.items() if len(v) > 1}
