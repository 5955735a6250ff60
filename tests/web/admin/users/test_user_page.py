"""A user's page: who they are, where each value came from, what happened, what can be done."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from rollcall.audit.models import Event
from rollcall.directory.models import User
from rollcall.imports.models import ChangeRecord
from tests.web.world import World


def page(client: Client, user: User) -> str:
    """The user's page as text."""
    return client.get(f"/users/{user.pk}/").content.decode()


def post(client: Client, user: User, action: str, **more: str) -> str:
    """Press a button on the user's page."""
    answer = client.post(f"/users/{user.pk}/", {"action": action, **more}, follow=True)
    return answer.content.decode()


def test_manager_and_reports_lead_to_their_pages(admin: Client, world: World) -> None:
    jonas = User.objects.get(username="jonas.weiss")
    User.objects.filter(pk=jonas.pk).update(manager=world.user)
    assert f'<a href="/users/{jonas.pk}/">Jonas Weiß</a>' in page(admin, world.user)
    assert f'<a href="/users/{world.user.pk}/">Amelie Brandt</a>' in page(admin, jonas)


def test_groups_and_the_applications_reached_through_them(admin: Client, world: World) -> None:
    text = page(admin, world.user)
    assert "Everyone in Munich" in text
    assert "through Everyone in Munich" in text
    zofia = User.objects.get(username="zofia.nowak")
    assert "Reaches no application" in page(admin, zofia)


def test_each_value_says_where_it_came_from_and_when(admin: Client, world: World) -> None:
    User.objects.filter(pk=world.user.pk).update(
        provenance={
            "department": ["personio", "2026-03-04T05:06:07+00:00"],
            "lastname": ["hand", "2026-03-05T05:06:07+00:00"],
            "description": ["api", "2026-03-06T05:06:07+00:00"],
        },
        description="Speaks Sorbian",
    )
    text = page(admin, world.user)
    assert 'datetime="2026-03-04T05:06:07+00:00"' in text
    assert "By hand" in text
    assert text.count("The next import writes Personio&#x27;s value over it.") == 1 or (
        text.count("The next import writes Personio's value over it.") == 1
    )


def test_the_history_holds_imports_and_people(admin: Client, world: World) -> None:
    ChangeRecord.objects.filter(user_id=world.user.pk).update(finished_at=timezone.now())
    post(admin, world.user, "suspend", confirmed="yes")
    text = page(admin, world.user)
    assert "Import 1" in text
    assert "administrator@example.com" in text
    assert "<del>Active</del>" in text


@pytest.mark.parametrize(
    ("username", "action", "state"),
    [
        ("amelie.brandt", "suspend", "SUSPENDED"),
        ("jonas.weiss", "activate", "ACTIVATED"),
        ("zofia.nowak", "reactivate", "ACTIVATED"),
    ],
)
def test_the_state_is_changed_after_asking(
    admin: Client, world: World, username: str, action: str, state: str
) -> None:
    user = User.objects.get(username=username)
    before = user.state
    assert 'name="confirmed"' in post(admin, user, action)
    assert User.objects.get(pk=user.pk).state == before
    post(admin, user, action, confirmed="yes")
    assert User.objects.get(pk=user.pk).state == state
    entry = Event.objects.get(target_id=user.pk)
    assert (entry.action, entry.before, entry.after) == (
        f"user.{action}",
        {"state": before},
        {"state": state},
    )


def test_deleting_says_what_is_lost_and_asks_once(admin: Client, world: World) -> None:
    User.objects.filter(username="jonas.weiss").update(manager=world.user)
    text = post(admin, world.user, "delete")
    assert "One membership in a group ends" in text
    assert "One user loses their manager." in text
    assert "The next import makes this user again" in text
    post(admin, world.user, "delete", confirmed="yes")
    assert not User.objects.filter(pk=world.user.pk).exists()
    assert User.objects.get(username="jonas.weiss").manager is None
    assert Event.objects.get(action="user.delete").before == {
        "username": "amelie.brandt",
        "email": "amelie.brandt@example.com",
    }


def test_nobody_of_that_id_is_not_found(admin: Client, world: World) -> None:
    assert admin.get("/users/000000000000000000000000/").status_code == 404


def test_unlinking_asks_first_and_says_what_the_next_import_does(
    admin: Client, world: World
) -> None:
    assert world.user.identities.exists()
    asked = post(admin, world.user, "unlink")
    assert "neither changes nor suspends them" in asked
    assert world.user.identities.exists()
    said = post(admin, world.user, "unlink", confirmed="yes")
    assert "is linked to no employee any more." in said
    assert not world.user.identities.exists()
    assert Event.objects.filter(action="user.unlink", door="portal").count() == 1
    assert 'value="unlink"' not in page(admin, world.user)
