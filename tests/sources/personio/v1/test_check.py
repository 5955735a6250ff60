"""Before anything is read: are the credentials right, what may they read, does anybody answer."""

from __future__ import annotations

import socket
from collections.abc import Callable

import httpx
import pytest

from rollcall.sources.base import Readable
from rollcall.sources.personio.errors import (
    AccessDenied,
    CredentialsRefused,
    PersonioError,
    PersonioMisbehaved,
    PersonioUnreachable,
)
from rollcall.sources.personio.v1.client import PersonioV1
from tests.sources.personio.recorded import (
    ATTRIBUTES,
    Answer,
    Asked,
    Recorded,
    as_json,
    failure,
    forbidden,
    person,
    serving,
    web_page,
)


def checked(recorded: Recorded, **changes: object) -> Readable:
    with serving(recorded), PersonioV1(recorded.account(**changes)) as personio:
        return personio.check(ATTRIBUTES)


def always(answer: Answer) -> Callable[[int, Asked], Answer | None]:
    return lambda number, asked: answer


def test_it_says_what_the_credential_may_read() -> None:
    found = checked(Recorded())
    assert found == Readable(frozenset(ATTRIBUTES), ())


def test_it_names_what_the_credential_may_not_read() -> None:
    found = checked(Recorded(readable=("email", "status", "first_name", "last_name")))
    assert found.unreadable == tuple(ATTRIBUTES[4:])


def test_without_email_or_status_nobody_can_be_imported_and_both_are_named() -> None:
    with pytest.raises(AccessDenied, match="`email` and `status`") as caught:
        checked(Recorded(readable=("first_name",)))
    assert caught.value.attributes == ("email", "status")


def test_a_credential_that_may_not_list_attributes_is_judged_by_the_first_page() -> None:
    readable = ("email", "status", "office")
    found = checked(Recorded([person(1)], readable=readable, attributes_status=403))
    assert found.readable == frozenset({"id", *readable})
    assert "supervisor" in found.unreadable


def test_such_a_credential_in_an_account_without_people_may_read_what_is_needed() -> None:
    found = checked(Recorded(attributes_status=403))
    assert (found.readable, found.unreadable) == (frozenset(ATTRIBUTES), ())


def test_such_a_credential_without_email_is_refused_all_the_same() -> None:
    with pytest.raises(AccessDenied, match="`email`"):
        checked(Recorded([person(1)], readable=("status",), attributes_status=403))


def test_wrong_credentials_are_called_wrong_credentials() -> None:
    recorded = Recorded()
    with pytest.raises(CredentialsRefused, match="PERSONIO_CLIENT_SECRET") as caught:
        checked(recorded, client_secret="papi-not-the-secret")
    assert caught.value.permanent
    assert len(recorded.asked) == 1


def test_a_missing_right_is_called_a_missing_right() -> None:
    recorded = Recorded()
    recorded.meddle = lambda number, asked: None if asked.path == "/v1/auth" else forbidden()
    with pytest.raises(AccessDenied, match="may not read employees"):
        checked(recorded)


def test_a_port_where_nobody_listens_is_unreachable_after_few_tries() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        account = Recorded().account(url=url)
        with PersonioV1(account) as personio, pytest.raises(PersonioUnreachable) as caught:
            personio.check(ATTRIBUTES)
        assert personio.requests == 4
    assert "no connection; check PERSONIO_URL" in str(caught.value)


def test_a_name_that_does_not_exist_is_unreachable() -> None:
    account = Recorded().account(url="https://personio.invalid")
    with PersonioV1(account) as personio, pytest.raises(PersonioUnreachable):
        personio.check(ATTRIBUTES)


@pytest.mark.parametrize("status", [200, 404, 403, 401, 502])
def test_a_server_that_answers_with_web_pages_is_not_personio(status: int) -> None:
    recorded = Recorded()
    recorded.meddle = always(web_page(status))
    with pytest.raises(PersonioUnreachable):
        checked(recorded, tries=4)


def test_a_redirect_is_not_followed_with_the_credentials() -> None:
    elsewhere = Recorded()
    recorded = Recorded()
    with serving(elsewhere):
        recorded.meddle = always(Answer(307, headers={"Location": f"{elsewhere.url}/v1/auth"}))
        with pytest.raises(PersonioUnreachable, match="follows no redirects"):
            checked(recorded)
    assert elsewhere.asked == []


def test_an_address_without_personios_paths_is_told_to_be_wrong() -> None:
    recorded = Recorded()
    recorded.meddle = always(failure(404, 404, "Es ist ein Problem aufgetreten "))
    with pytest.raises(PersonioMisbehaved, match="HTTP 404"):
        checked(recorded)


@pytest.mark.parametrize(
    "content", [{}, {"data": None}, {"data": {"token": 7}}, {"data": {"token": "a\nb"}}]
)
def test_a_login_without_a_token_is_told_so(content: object) -> None:
    recorded = Recorded()
    recorded.meddle = always(as_json(content))
    with pytest.raises(PersonioMisbehaved, match="no token"):
        checked(recorded)


def test_a_certificate_that_is_not_trusted_is_told_at_once() -> None:
    import ssl

    tried = []

    def distrust(request: httpx.Request) -> httpx.Response:
        tried.append(request)
        raise httpx.ConnectError("tls") from ssl.SSLCertVerificationError("self-signed")

    account = Recorded().account(url="https://personio.invalid")
    transport = httpx.MockTransport(distrust)
    with PersonioV1(account, transport) as personio, pytest.raises(PersonioError) as caught:
        personio.check(ATTRIBUTES)
    assert "certificate is not trusted" in str(caught.value)
    assert len(tried) == 1


@pytest.mark.parametrize("ending", ["", "/", "/v1", "/v1/"])
def test_the_address_may_end_with_a_slash_or_the_version(ending: str) -> None:
    from rollcall.sources.personio.account import base_url

    recorded = Recorded([person(1)])
    with serving(recorded):
        url = base_url(recorded.url + ending)
        with PersonioV1(recorded.account(url=url)) as personio:
            personio.check(ATTRIBUTES)
    assert {one.path for one in recorded.asked} == {
        "/v1/auth",
        "/v1/company/employees/attributes",
    }
