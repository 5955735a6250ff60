"""Which version of Personio's API is spoken: the one that is named, or the one that is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from rollcall.sandbox.company import Company
from rollcall.sandbox.credentials import Credentials
from rollcall.sandbox.server import create_app, running
from rollcall.sandbox.switches import SCOPES, Switches, V1Right
from rollcall.sources.personio.account import Account, ApiVersion
from rollcall.sources.personio.client import Personio
from rollcall.sources.personio.errors import (
    AccessDenied,
    CredentialsRefused,
    PersonioUnreachable,
    SettingsError,
)
from tests.sources.personio.recorded import (
    ATTRIBUTES,
    Answer,
    Asked,
    Recorded,
    failure,
    forbidden,
    person,
    serving,
)
from tests.sources.personio.v2.recorded import RecordedV2, person_v2, problem

PAIR = {"PERSONIO_CLIENT_ID": "papi-id", "PERSONIO_CLIENT_SECRET": "papi-secret"}
V2_ONLY = Switches(v1_right=V1Right.MISSING)


@contextmanager
def account(switches: Switches | None = None) -> Iterator[Account]:
    """The sandbox's account of sixty people."""
    credentials = Credentials.of_seed(7)
    app = create_app(Company(people=60, seed=7), switches, credentials=credentials)
    with running(app) as url:
        yield Account(url, credentials.client_id, credentials.client_secret, throttle_wait=0.02)


def spoken(account: Account) -> tuple[ApiVersion, int]:
    """The version that was spoken in a whole read, and how many people it brought."""
    with Personio(account) as personio:
        assert personio.version == account.api_version
        assert personio.check(ATTRIBUTES).over == f"API {personio.version}"
        reading = personio.employees(ATTRIBUTES)
        count = sum(len(page.employees) for page in reading)
        assert reading.summary.complete
        return personio.version, count


def test_v1_is_spoken_where_it_works() -> None:
    with account() as sandbox:
        assert spoken(sandbox) == (ApiVersion.V1, 60)


def test_v2_is_spoken_where_v1_refuses_the_credential() -> None:
    with account(V2_ONLY) as sandbox:
        assert spoken(sandbox) == (ApiVersion.V2, 60)


@pytest.mark.parametrize("version", [ApiVersion.V1, ApiVersion.V2])
def test_a_version_that_is_named_is_spoken(version: ApiVersion) -> None:
    with account() as sandbox:
        assert spoken(replace(sandbox, api_version=version)) == (version, 60)


def test_a_version_that_is_named_is_spoken_though_another_would_work() -> None:
    with account(V2_ONLY) as sandbox, pytest.raises(AccessDenied):
        spoken(replace(sandbox, api_version=ApiVersion.V1))


def test_without_a_check_the_read_chooses() -> None:
    with account(V2_ONLY) as sandbox, Personio(sandbox) as personio:
        assert sum(len(page.employees) for page in personio.employees(ATTRIBUTES)) == 60
        assert personio.version == ApiVersion.V2


def test_the_choice_is_made_once() -> None:
    with account(V2_ONLY) as sandbox, Personio(sandbox) as personio:
        personio.check(ATTRIBUTES)
        before = personio.requests
        personio.check(("email", "status"))
        # A page of persons and the employments of three: no login, no list, nothing over v1.
        assert personio.requests - before == 4


def test_requests_of_both_versions_are_counted() -> None:
    with account(V2_ONLY) as sandbox, Personio(sandbox) as personio:
        personio.check(("email", "status"))
        # v1: login, attributes, first page; v2: login, persons, the employments of three
        assert personio.requests == 3 + 5


def test_a_credential_without_any_right_is_refused_in_v1s_words() -> None:
    scopes = tuple(scope for scope in SCOPES if scope != "personio:persons:read")
    switches = Switches(scopes=scopes)
    with account(switches) as sandbox, pytest.raises(AccessDenied, match="personnel data"):
        spoken(sandbox)


def test_wrong_credentials_are_wrong_in_both_versions() -> None:
    with account() as sandbox, pytest.raises(CredentialsRefused, match="PERSONIO_CLIENT_SECRET"):
        spoken(replace(sandbox, client_secret="papi-not-the-secret"))


class Both(RecordedV2):
    """A server that answers v2, and v1's calls with `v1`."""

    v1: Answer = forbidden()

    def answer(self, asked: Asked) -> Answer:
        """The answer to one request."""
        if asked.path.startswith("/v1/"):
            return self.v1
        return super().answer(asked)


def test_a_credential_that_v1_does_not_even_let_log_in_is_tried_over_v2() -> None:
    recorded = Both([person_v2(1)])
    recorded.v1 = failure(403, 0, "Wrong credentials")
    with serving(recorded):
        assert spoken(recorded.account()) == (ApiVersion.V2, 1)


def test_what_v2_lacks_is_told_where_it_let_the_credential_further_in() -> None:
    person = person_v2(1)
    del person["email"]
    recorded = Both([person])
    recorded.v1 = failure(403, 0, "Wrong credentials")
    with serving(recorded), pytest.raises(AccessDenied, match="`email`"):
        spoken(recorded.account())


def test_the_attributes_that_v1_lacks_are_told_where_v2_opens_nothing() -> None:
    recorded = Recorded([person(1)], readable=("status",))
    with serving(recorded), pytest.raises(AccessDenied, match="`email`"):
        spoken(recorded.account())


def test_where_v2_cannot_be_had_at_the_moment_it_is_worth_trying_later() -> None:
    v1 = Recorded(attributes_status=403)
    v1.meddle = lambda number, asked: (
        problem(503)
        if asked.path.startswith("/v2/")
        else forbidden()
        if "auth" not in asked.path
        else None
    )
    with serving(v1), pytest.raises(PersonioUnreachable):
        spoken(v1.account(tries=2))


def test_wrong_credentials_are_told_though_v2_cannot_be_had_at_the_moment() -> None:
    recorded = Both()
    recorded.meddle = lambda number, asked: problem(503)
    recorded.v1 = failure(403, 0, "Wrong credentials")
    with serving(recorded), pytest.raises(CredentialsRefused):
        spoken(recorded.account(tries=2))


def test_v1_that_is_out_of_order_is_no_reason_to_speak_v2() -> None:
    recorded = Both([person_v2(1)])
    recorded.v1 = problem(503)
    with serving(recorded), pytest.raises(PersonioUnreachable):
        spoken(recorded.account(tries=2))
    assert recorded.asked == []


def test_closing_ends_the_choice_between_the_versions() -> None:
    with account() as sandbox:
        personio = Personio(sandbox)
        personio.close()
        with pytest.raises(PersonioUnreachable, match="stopped"):
            personio.check(ATTRIBUTES)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("", ApiVersion.AUTO),
        ("auto", ApiVersion.AUTO),
        (" V1 ", ApiVersion.V1),
        ("v2", ApiVersion.V2),
    ],
)
def test_the_setting_names_the_version(text: str, version: ApiVersion) -> None:
    assert Account.of({**PAIR, "PERSONIO_API_VERSION": text}).api_version == version


@pytest.mark.parametrize("text", ["v3", "2", "v1,v2"])
def test_a_version_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="auto, v1, v2") as caught:
        Account.of({**PAIR, "PERSONIO_API_VERSION": text})
    assert caught.value.names == ("PERSONIO_API_VERSION",)


@pytest.mark.parametrize(
    ("setting", "v1", "v2"),
    [("", 300, None), ("0", None, 0), ("1200", 1200, 1200)],
)
def test_a_pace_that_is_named_holds_for_both(setting: str, v1: int | None, v2: int | None) -> None:
    account = Account.of({**PAIR, "PERSONIO_REQUESTS_PER_MINUTE": setting})
    assert (account.requests_per_minute, account.v2_requests_per_minute) == (v1, v2)


def test_the_address_may_end_with_either_version() -> None:
    for ending in ("", "/", "/v1", "/v2", "/v2/"):
        url = f"https://api.personio.de{ending}"
        assert Account.of({**PAIR, "PERSONIO_URL": url}).url == "https://api.personio.de"
