"""What a user's values look like when they are stored, and which are refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.core.labels import APPLICATION_LIMITS, GROUP_LIMITS
from rollcall.core.labels import refuse as refuse_label
from rollcall.core.refusal import SENTENCES, Refusal
from rollcall.core.user_fields import LISTS, MAX_LENGTH, normalize, refusals, refuse

fields = st.sampled_from([*MAX_LENGTH, "alternateEmail", "attributes.desk"])


@given(fields, st.text(st.characters(), max_size=2000) | st.none())
def test_a_stored_value_is_stored_as_it_is_again(field: str, value: str | None) -> None:
    stored = normalize(field, value)
    assert normalize(field, stored) == stored


@given(fields, st.text(st.characters(), max_size=2000) | st.none())
def test_every_refusal_has_a_sentence_that_names_the_field(field: str, value: str | None) -> None:
    refusal = refuse(field, normalize(field, value))
    assert refusal is None or field in refusal.text()


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("username", "9lives", "username_malformed"),
        ("username", "mara@x", "username_malformed"),
        ("username", " ", "required"),
        ("username", "m" * 31, "too_long"),
        ("email", None, "required"),
        ("email", "mara@host", "email_malformed"),
        ("department", "x" * 1025, "too_long"),
        ("employeeIdentifier", "x" * 257, "too_long"),
        ("attributes.cost center", "7", "unknown_field"),
        ("attributes", [{"name": "a", "value": "1"}, {"name": "a", "value": "2"}], "named_twice"),
        ("addresses", [{}] * 51, "too_many"),
        ("activated", "yes", "malformed"),
        ("shoe size", "44", "unknown_field"),
    ],
)
def test_what_no_user_can_have_is_refused(field: str, value: Any, code: str) -> None:
    (refusal,) = refusals({field: normalize(field, value), "lastname": "Voss"})
    assert (refusal.field, refusal.code) == (field, code)


@pytest.mark.parametrize(
    ("field", "given", "stored"),
    [
        ("email", " Mara.VOSS@Example.org", "mara.voss@example.org"),
        ("username", " Mara ", "Mara"),
        ("employeeIdentifier", " ", None),
        ("lastname", None, ""),
        ("manager", "", None),
        ("attributes", [{"name": "desk", "value": " A1\n"}], [{"name": "desk", "value": "A1"}]),
        ("phoneNumbers", None, []),
    ],
)
def test_each_value_has_one_stored_form(field: str, given: Any, stored: Any) -> None:
    assert normalize(field, given) == stored
    assert refuse(field, normalize(field, given)) is None


def test_a_refusal_names_field_and_value() -> None:
    refusal = Refusal("email", "email_malformed", "mara@host")
    assert refusal.text() == "email “mara@host”: this is not an e-mail address."
    assert all(SENTENCES.values())
    assert LISTS["attributes"] == 200


@pytest.mark.parametrize(
    ("name", "code"), [("", "required"), ("x" * 256, "too_long"), ("Sales", None)]
)
def test_a_group_has_a_name_of_at_most_255_characters(name: str, code: str | None) -> None:
    refusal = refuse_label("name", name, GROUP_LIMITS)
    assert (refusal and refusal.code) == code


@pytest.mark.parametrize(
    ("address", "is_taken"),
    [
        ("", True),
        ("https://wiki.example.org/start?x=1", True),
        ("HTTP://wiki.example.org", True),
        ("javascript:alert(1)", False),
        ("wiki.example.org", False),
        ("https://", False),
        ("https://me:secret@wiki.example.org", False),
        ("https://[", False),
    ],
)
def test_an_application_leads_to_a_whole_address(address: str, is_taken: bool) -> None:
    refusal = refuse_label("ssoUrl", address, APPLICATION_LIMITS)
    assert (refusal is None) == is_taken
