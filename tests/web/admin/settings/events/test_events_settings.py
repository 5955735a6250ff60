"""Settings → Events: how long they are kept, and where they are handed on to."""

from __future__ import annotations

import pytest
from django.test import Client

from rollcall.audit.models import Event, Keeping, Stream
from tests.web.world import World

pytestmark = pytest.mark.django_db
ADDRESS = "/settings/events/"
COLLECTOR = "http://127.0.0.1:9/events"


def save(admin: Client, **form: str) -> str:
    values = {"sign_ins_days": "", "others_days": "", "destination": "", "url": "", **form}
    return admin.post(ADDRESS, values, follow=True).content.decode()


def test_days_are_kept_and_empty_is_what_the_installation_says(admin: Client) -> None:
    assert "Empty: 90" in admin.get(ADDRESS).content.decode()
    assert "Saved." in save(admin, sign_ins_days="30", others_days="365")
    assert (Keeping.the().sign_ins_days, Keeping.the().others_days) == (30, 365)
    save(admin)
    assert Keeping.the().sign_ins_days is None
    assert "Saved." not in save(admin, sign_ins_days="0")


def test_a_collector_is_chosen_with_a_token_that_is_never_shown(admin: Client) -> None:
    assert "Saved." in save(admin, destination="collector", url=COLLECTOR, token="t0ken")
    page = admin.get(ADDRESS).content.decode()
    assert "How the streaming export stands" in page
    assert "t0ken" not in page
    assert Stream.the().sealed_token
    assert "t0ken" not in str(list(Event.objects.values()))


def test_a_kept_token_goes_to_no_other_address(admin: Client) -> None:
    save(admin, destination="collector", url=COLLECTOR, token="t0ken")
    page = save(admin, destination="collector", url="http://127.0.0.1:10/events")
    assert "Another address needs the token again." in page
    assert Stream.the().url == COLLECTOR


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "A collector needs an address."),
        ("collector", "Write a whole address"),
        ("http://siem.example.com/", "Events may not be sent to this address."),
        ("https://siem.example.com/", "Events may not be sent to this address."),
    ],
)
def test_an_address_that_the_operator_does_not_list_is_refused(
    admin: Client, url: str, said: str
) -> None:
    assert said in save(admin, destination="collector", url=url)
    assert not Stream.objects.exists()


def test_it_says_what_stands_in_the_way(admin: Client) -> None:
    save(admin, destination="collector", url=COLLECTOR)
    Stream.objects.update(error="Status 503", attempts=1)
    page = admin.get(ADDRESS).content.decode()
    assert "The events are not taken." in page
    assert "Status 503" in page


def test_what_the_server_says_is_not_asked_for(
    admin: Client, settings: pytest.FixtureRequest
) -> None:
    settings.EVENTS_TO = "/var/log/rollcall/events.jsonl"  # type: ignore[attr-defined]
    page = admin.get(ADDRESS).content.decode()
    assert "ROLLCALL_EVENTS_TO" in page
    assert "/var/log/rollcall/events.jsonl" in page
    assert 'name="url"' not in page
    assert "Saved." in save(admin, sign_ins_days="30", destination="collector", url=COLLECTOR)
    assert Stream.the().destination == ""


def test_somebody_elses_change_is_kept(admin: Client, world: World) -> None:
    seen = '{"sign_ins_days": "", "others_days": "", "destination": "", "url": ""}'
    save(admin, sign_ins_days="30")
    page = save(admin, sign_ins_days="60", seen=seen)
    assert "somebody else has written “30” meanwhile" in page
    assert "Saved." in save(admin, others_days="300", seen=seen)
    assert (Keeping.the().sign_ins_days, Keeping.the().others_days) == (30, 300)
