"""Which e-mail addresses are valid, and the one form that they are kept in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.core.emails import LIMIT, is_valid, normalize


@pytest.mark.parametrize(
    "email",
    ["mara@example.org", "m.v+x_y-z'q@sub.example.org", "jörg@größe.example", "山田@例え.example"],
)
def test_addresses_of_every_script_are_valid(email: str) -> None:
    assert is_valid(normalize(email))


@pytest.mark.parametrize(
    "email",
    [
        "a@b@c.example",
        "a@b..example",
        "a@.example",
        "a..b@c.example",
        ".a@c.example",
        "a.@c.example",
        "a@-c.example",
        "a@c-.example",
        "a,b@c.example",
        "a\u200b@c.example",
    ],
)
def test_what_no_mail_server_takes_is_not_valid(email: str) -> None:
    assert not is_valid(normalize(email))


@pytest.mark.parametrize("email", ["mara", "mara@host", "@example.org", "a b@example.org", ""])
def test_an_address_has_a_name_and_a_domain_with_a_dot(email: str) -> None:
    assert not is_valid(normalize(email))


def test_an_address_that_is_too_long_is_not_valid() -> None:
    assert is_valid("m" * (LIMIT - 12) + "@example.org")
    assert not is_valid("m" * (LIMIT - 11) + "@example.org")


@pytest.mark.parametrize(
    "written",
    ["kurt@MÜLLER.example", "\u212aurt@mu\u0308ller.example", "kurt@xn--mller-kva.example"],
)
def test_one_address_is_kept_in_one_form_however_it_is_written(written: str) -> None:
    assert normalize(written) == "kurt@müller.example"
    assert is_valid(normalize(written))


@pytest.mark.parametrize("label", ["xn--", "xn--abc-", "xn--99999999", "xn--a\u00fc"])
def test_a_domain_that_only_looks_like_punycode_stays_as_it_is(label: str) -> None:
    assert normalize(f"a@{label}.example") == f"a@{label}.example"


@given(st.from_regex(r"a@xn--[a-z0-9-]{0,12}\.example", fullmatch=True))
def test_writing_a_domain_in_letters_once_is_enough(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@given(st.text())
def test_normalizing_once_is_enough(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@given(st.emails())
def test_ordinary_addresses_are_valid_whatever_their_case(email: str) -> None:
    assert is_valid(normalize(email.upper())) == is_valid(normalize(email))
