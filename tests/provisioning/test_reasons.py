"""The sentences that an administrator reads."""

from __future__ import annotations

import re

import pytest

from rollcall.provisioning.reason import OF_ONE, SENTENCES, Reason


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_reason_is_made_of_complete_sentences(code: str) -> None:
    sentence = SENTENCES[code]
    assert sentence.endswith((".", "}"))
    assert not sentence[0].islower()
    assert not re.search(r"\s\s", sentence)


def test_a_value_with_braces_stays_as_it_is() -> None:
    assert "{0} {x}" in Reason("email_invalid", {"value": "{0} {x}"}).text()


def test_a_reason_can_be_stored_and_read_back() -> None:
    reason = Reason("email_invalid", {"value": "x"})
    assert Reason.from_record(reason.to_record()).text() == reason.text()


@pytest.mark.parametrize("code", sorted(OF_ONE))
def test_a_reason_that_counts_a_single_one_has_a_sentence_for_it(code: str) -> None:
    param, sentence = OF_ONE[code]
    names = re.findall(r"{(\w+)}", SENTENCES[code])
    params = {**dict.fromkeys(names, "7"), param: "1"}
    params.pop("source", None)
    said = Reason(code, params).text("Personio")
    assert said != SENTENCES[code].format(source="Personio", **params)
    assert not re.search(r"\b(1|one) (employees|users|people|records)\b", said)
    assert sentence.endswith(".")
    assert "7" in Reason(code, {**params, param: "7"}).text("Personio") or param not in names


def test_every_sentence_that_counts_people_has_one_for_a_single_one() -> None:
    counting = re.compile(r"{(count|users|expected)} (employees|users|people|records)")
    limits = {"brake_suspensions", "brake_blanked"}  # of so many users that one is none of them
    codes = {code for code, sentence in SENTENCES.items() if counting.search(sentence)}
    assert codes - limits - set(OF_ONE) == set()
