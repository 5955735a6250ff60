"""Before anything is read over v2: are the credentials right, and what may they read."""

from __future__ import annotations

import pytest

from rollcall.sources.base import Readable
from rollcall.sources.personio.errors import (
    AccessDenied,
    CredentialsRefused,
    PersonioMisbehaved,
    PersonioUnreachable,
)
from tests.sources.personio.recorded import ATTRIBUTES, Answer, as_json, web_page
from tests.sources.personio.v2.recorded import (
    RecordedV2,
    client,
    employment,
    oauth_problem,
    person_v2,
    problem,
)


def checked(recorded: RecordedV2, needed: tuple[str, ...] = ATTRIBUTES, **more: object) -> Readable:
    with client(recorded, **more) as personio:
        return personio.check(needed)


def test_it_says_what_the_credential_may_read() -> None:
    found = checked(RecordedV2([person_v2(1)]))
    assert found.unreadable == ()
    assert set(ATTRIBUTES) <= found.readable


def test_an_account_without_people_counts_as_readable() -> None:
    assert checked(RecordedV2()).unreadable == ()


def test_credentials_travel_as_a_form_in_the_body_alone() -> None:
    recorded = RecordedV2()
    checked(recorded)
    login = recorded.asked[0]
    assert (login.method, login.path, login.query) == ("POST", "/v2/auth/token", ())
    assert login.headers["content-type"] == "application/x-www-form-urlencoded"
    assert {asked.headers.get("x-personio-app-id") for asked in recorded.asked} == {"ROLLCALL"}


@pytest.mark.parametrize(
    "answer",
    [
        oauth_problem("invalid_client"),
        oauth_problem("unauthorized_client"),
        oauth_problem("invalid_client", 401),
        oauth_problem({"an": "object"}),
        Answer(400),
    ],
    ids=["unknown client", "wrong secret", "as 401", "odd", "empty"],
)
def test_wrong_credentials_are_called_wrong_credentials(answer: Answer) -> None:
    recorded = RecordedV2()
    recorded.meddle = lambda number, asked: answer
    with pytest.raises(CredentialsRefused, match="PERSONIO_CLIENT_SECRET"):
        checked(recorded)
    assert len(recorded.asked) == 1


def test_a_login_that_cannot_be_had_at_the_moment_is_tried_again() -> None:
    recorded = RecordedV2([person_v2(1)])
    recorded.meddle = lambda number, asked: (
        oauth_problem("temporarily_unavailable") if number == 0 else None
    )
    assert checked(recorded).unreadable == ()


@pytest.mark.parametrize(
    "content", [{}, {"access_token": None}, {"access_token": 7}, {"access_token": "a\nb"}]
)
def test_a_login_without_a_token_is_told_so(content: object) -> None:
    recorded = RecordedV2()
    recorded.meddle = lambda number, asked: as_json(content)
    with pytest.raises(PersonioMisbehaved, match="no token"):
        checked(recorded)


def test_a_missing_right_that_shows_as_401_is_not_called_a_wrong_password() -> None:
    recorded = RecordedV2()
    recorded.meddle = lambda number, asked: None if "auth" in asked.path else problem(401)
    with pytest.raises(AccessDenied, match="personio:persons:read"):
        checked(recorded)
    assert recorded.logins == 5


def test_a_missing_right_that_shows_as_403_is_told_at_once() -> None:
    recorded = RecordedV2()
    recorded.meddle = lambda number, asked: None if "auth" in asked.path else problem(403)
    with pytest.raises(AccessDenied, match="personio:persons:read"):
        checked(recorded)
    assert len(recorded.asked) == 2


def test_a_credential_that_may_not_read_the_email_is_refused_and_it_is_named() -> None:
    skeleton = {"id": "1", "employments": [{"id": "x"}], "_meta": {}}
    recorded = RecordedV2([skeleton], jobs={"1": [{"id": "x", "status": "ACTIVE"}]})
    with pytest.raises(AccessDenied, match="`email`") as caught:
        checked(recorded)
    assert caught.value.attributes == ("email",)


def test_what_persons_and_employments_lack_is_named() -> None:
    person, job = person_v2(1), employment()
    del person["first_name"], job["supervisor"], job["type"]
    found = checked(RecordedV2([person], jobs={"1": [job]}))
    assert found.unreadable == ("first_name", "supervisor", "employment_type")


def test_what_only_somebody_carries_is_readable() -> None:
    people = [person_v2(number) for number in range(1, 4)]
    job = employment()
    del job["supervisor"]
    recorded = RecordedV2(people, jobs={"1": [job], "2": [job]})
    assert checked(recorded).unreadable == ()


def test_of_a_custom_attribute_that_nobody_has_the_read_will_tell() -> None:
    assert checked(RecordedV2([person_v2(1)]), ("email", "dynamic_7")).unreadable == ()


@pytest.mark.parametrize("status", [401, 403, 404, 412])
@pytest.mark.parametrize(
    ("path", "attribute"),
    [
        ("workplaces", "office"),
        ("org-units", "department"),
        ("legal-entities", "subcompany"),
        ("cost-centers", "cost_centers"),
    ],
)
def test_an_attribute_whose_names_may_not_be_read_is_named(
    path: str, attribute: str, status: int
) -> None:
    recorded = RecordedV2([person_v2(1)], refused={path: problem(status)})
    assert checked(recorded).unreadable == (attribute,)


def test_only_the_lists_that_are_needed_are_asked_for() -> None:
    recorded = RecordedV2([person_v2(1)])
    checked(recorded, ("email", "office"))
    assert recorded.paths() == ["/v2/persons", "/v2/workplaces", "/v2/persons/1/employments"]


@pytest.mark.parametrize("status", [200, 404, 403, 502])
def test_a_server_that_answers_with_web_pages_is_not_personio(status: int) -> None:
    recorded = RecordedV2()
    recorded.meddle = lambda number, asked: web_page(status)
    with pytest.raises(PersonioUnreachable):
        checked(recorded, tries=4)


def test_an_address_without_v2_is_told_to_be_wrong() -> None:
    recorded = RecordedV2()
    recorded.meddle = lambda number, asked: None if "auth" in asked.path else problem(404)
    with pytest.raises(PersonioMisbehaved, match="HTTP 404"):
        checked(recorded)
