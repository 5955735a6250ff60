"""What people change about their own sign-in is in the audit log too."""

from __future__ import annotations

import pytest
from django.test import Client

from rollcall.accounts.first_start import first_start_link
from rollcall.audit.models import Event
from tests.web.world import PASSWORD, World

pytestmark = pytest.mark.django_db
EMAIL = "manager@example.com"


def test_a_changed_password_is_noted_without_the_password(client: Client, world: World) -> None:
    client.force_login(world.people["manager"], backend="rollcall.accounts.backend.AccountBackend")
    new = "seven grey geese at dawn"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/account/password/change/", form).status_code == 302
    entry = Event.objects.latest("pk")
    assert (entry.action, entry.actor_name, entry.client_ip) == (
        "account.password.change",
        "manager@example.com",
        "127.0.0.1",
    )
    assert new not in f"{entry.before}{entry.after}"


def test_coming_and_going_is_noted(client: Client, world: World) -> None:
    client.post("/account/sign-in/", {"login": EMAIL, "password": PASSWORD})
    client.post("/account/sign-out/")
    entries = Event.objects.filter(actor_name=EMAIL).order_by("pk")
    assert list(entries.values_list("action", "client_ip")) == [
        ("account.sign_in", "127.0.0.1"),
        ("account.sign_out", "127.0.0.1"),
    ]


def test_failures_are_noted_and_being_locked_out_once(client: Client, world: World) -> None:
    for _ in range(7):
        client.post("/account/sign-in/", {"login": EMAIL, "password": "wrong"})
    entries = Event.objects.filter(target_name=EMAIL, action__startswith="account.")
    assert list(entries.order_by("pk").values_list("action", "actor_name", "client_ip")) == [
        *[("account.sign_in_failed", "-", "127.0.0.1")] * 4,
        ("account.locked_out", "-", "127.0.0.1"),
    ]


def test_strangers_leave_what_others_leave_and_no_word_of_what_they_typed(
    client: Client, world: World
) -> None:
    last = Event.objects.latest("pk").pk
    for _ in range(7):
        client.post("/account/sign-in/", {"login": "nobody@example.com", "password": "wrong"})
    events = Event.objects.filter(pk__gt=last)
    assert list(events.order_by("pk").values_list("action", "success")) == [
        *[("account.sign_in_failed", False)] * 4,
        ("account.locked_out", False),
    ]
    assert len(set(events.values_list("target_id", flat=True))) == 1
    assert "nobody" not in str(list(events.values("target_id", "target_name", "changes")))


def test_strangers_fill_no_log(client: Client, world: World) -> None:
    last = Event.objects.latest("pk").pk
    for number in range(100):
        form = {"login": f"nobody{number}@example.com", "password": "wrong"}
        client.post("/account/sign-in/", form)
    assert Event.objects.filter(pk__gt=last).count() <= 60  # a minute, from one address


def test_the_first_start_says_from_where(client: Client) -> None:
    link = (first_start_link("http://testserver") or "").removeprefix("http://testserver")
    new = "seven grey geese at dawn"
    client.post(link, {"email": "first@example.com", "password": new, "repeated": new})
    assert Event.objects.get(action="administrator.first").client_ip == "127.0.0.1"


def test_a_wrong_present_password_is_an_event_and_ends_in_a_lock_out(
    client: Client, world: World
) -> None:
    client.force_login(world.people["manager"], backend="rollcall.accounts.backend.AccountBackend")
    last = Event.objects.latest("pk").pk
    new = "seven grey geese at dawn"
    form = {"oldpassword": "wrong", "password1": new, "password2": new}
    statuses = [client.post("/account/password/change/", form).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    events = Event.objects.filter(pk__gt=last).order_by("pk")
    assert list(events.values_list("action", "actor_name", "target_name")) == [
        *[("account.sign_in_failed", EMAIL, EMAIL)] * 4,
        ("account.locked_out", EMAIL, EMAIL),
    ]
