"""What an application asks for is read strictly."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.access.saml.messages import parsing, requests
from rollcall.access.saml.messages.parsing import Unreadable

HEAD = (
    'xmlns="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion"'
)
ISSUER = "<a:Issuer>https://app.example.com</a:Issuer>"


def request(attributes: str = "", inside: str = ISSUER, name: str = "AuthnRequest") -> bytes:
    given = {"ID": "_1", "Version": "2.0", "IssueInstant": "2026-11-27T10:00:00Z"}
    head = " ".join(
        f'{key}="{value}"' for key, value in given.items() if f"{key}=" not in attributes
    )
    return f"<{name} {HEAD} {head} {attributes}>{inside}</{name}>".encode()


def read(content: bytes) -> requests.AuthnRequest:
    return requests.authn_request(parsing.message(content))


def test_all_that_is_asked_for_is_read() -> None:
    inside = (
        f"{ISSUER}<a:Subject><a:NameID>lena@example.com</a:NameID></a:Subject>"
        '<NameIDPolicy Format="urn:x"/><RequestedAuthnContext Comparison="minimum">'
        "<a:AuthnContextClassRef>urn:c</a:AuthnContextClassRef></RequestedAuthnContext>"
    )
    asked = read(
        request('ForceAuthn="1" IsPassive="false" AssertionConsumerServiceIndex="2"', inside)
    )
    assert asked == requests.AuthnRequest(
        id="_1",
        issuer="https://app.example.com",
        issued=datetime(2026, 11, 27, 10, tzinfo=UTC),
        acs_index=2,
        force=True,
        name_id_format="urn:x",
        classes=("urn:c",),
        comparison="minimum",
        login_hint="lena@example.com",
    )


@pytest.mark.parametrize(
    "content",
    [
        request(name="LogoutRequest"),
        request('Version="1.1"'),
        request('ID=""'),
        request('ID="1"'),
        request('ID="_a b"'),
        request(f'ID="_{"a" * 300}"'),
        request('IssueInstant="yesterday"'),
        request('IssueInstant="2026-02-30T00:00:00Z"'),
        request('IssueInstant="9999-12-31T23:59:59-23:00"'),
        request('ForceAuthn="yes"'),
        request('AssertionConsumerServiceIndex="-1"'),
        request('AssertionConsumerServiceIndex="999999999"'),
        request(inside=""),
        request(inside="<a:Issuer/>"),
        request(inside=ISSUER + ISSUER),
        request(inside="<a:Issuer>https://app<b/>.example.com</a:Issuer>"),
    ],
)
def test_what_is_no_request_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(content)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-27T10:00:00.123456789Z", datetime(2026, 11, 27, 10, 0, 0, 123456, UTC)),
        ("2026-11-27T11:00:00+01:00", datetime(2026, 11, 27, 10, tzinfo=UTC)),
        ("2026-11-27T10:00:00", datetime(2026, 11, 27, 10, tzinfo=UTC)),
        ("2026-11-27T10:00:00.5", datetime(2026, 11, 27, 10, 0, 0, 500000, UTC)),
    ],
)
def test_times_are_read_as_the_standard_has_them(text: str, moment: datetime) -> None:
    assert read(request(f'IssueInstant="{text}"')).issued == moment


def test_a_name_with_a_comment_in_it_is_nobody() -> None:
    inside = f"{ISSUER}<a:NameID>lena@example.com<!-- -->.evil.example.com</a:NameID>"
    with pytest.raises(Unreadable):
        requests.logout_request(parsing.message(request(inside=inside, name="LogoutRequest")))


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_comes_is_read_or_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(content)
