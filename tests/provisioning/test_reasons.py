"""The sentences that an administrator reads."""

from __future__ import annotations

import re

import pytest

from rollcall.provisioning.reason import SENTENCES, Reason


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
