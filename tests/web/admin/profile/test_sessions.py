"""Profile: one sees where one is signed in, and signs out of one browser or of all others."""

from __future__ import annotations

import pytest
from django.test import Client

from rollcall.audit.models import Event
from tests.web.world import PASSWORD, World

pytestmark = pytest.mark.django_db
EMAIL = "manager@example.com"
PAGE = "/profile/sessions/"


def browser(name: str, email: str = EMAIL) -> Client:
    """A browser of this name in which this person is signed in."""
    client = Client(headers={"user-agent": name})
    client.post("/account/sign-in/", {"login": email, "password": PASSWORD})
    return client


def session_of(page: object, name: str) -> int:
    """The number of the session of this browser."""
    places = page.context["places"]  # type: ignore[attr-defined]
    return next(int(place.id) for place in places if place.browser == name)


def test_each_browser_is_listed_and_one_of_them_ended(world: World) -> None:
    here, there, third = browser("Here"), browser("There"), browser("Third")
    page = here.get(PAGE)
    assert {place.browser for place in page.context["places"]} == {"Here", "There", "Third"}
    assert [place.browser for place in page.context["places"] if place.is_this] == ["Here"]
    here.post(PAGE, {"session": session_of(page, "There")})
    assert [client.get("/").status_code for client in (here, there, third)] == [200, 302, 200]
    assert Event.objects.latest("pk").action == "account.session.end"


def test_all_others_are_ended_at_once(world: World) -> None:
    here, there, third = browser("Here"), browser("There"), browser("Third")
    here.post(PAGE)
    assert [client.get("/").status_code for client in (here, there, third)] == [200, 302, 302]


def test_nobody_ends_somebody_elses(world: World) -> None:
    mine, yours = browser("Mine"), browser("Yours", "administrator@example.com")
    number = session_of(yours.get(PAGE), "Yours")
    mine.post(PAGE, {"session": str(number)})
    assert yours.get("/").status_code == 200


def test_those_of_before_a_new_password_are_gone(world: World) -> None:
    here, there = browser("Here"), browser("There")
    new = "seven grey geese at dawn"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    here.post("/account/password/change/", form)
    assert there.get("/").status_code == 302
    assert [place.browser for place in here.get(PAGE).context["places"]] == ["Here"]


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
            "Firefox on Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        ("curl/8.5.0", "curl/8.5.0"),
    ],
)
def test_a_browser_is_called_as_people_call_it(world: World, user_agent: str, name: str) -> None:
    assert f">{name}</span>" in browser(user_agent).get(PAGE).content.decode()
