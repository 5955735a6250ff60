"""A user is unlinked from the employee whose id it carries."""

from __future__ import annotations

import pytest

from rollcall.audit.models import Event
from rollcall.directory import services
from rollcall.directory.models import DirectoryChange, ExternalIdentity, User
from rollcall.directory.services import GONE, HAND, Identity, NewUser, Refused
from tests.actors import TESTER

pytestmark = pytest.mark.django_db


def linked(number: int, *identities: tuple[str, str]) -> User:
    """A user with these identities."""
    values = {"username": f"p{number}", "email": f"p{number}@example.org"}
    [user] = services.create_users(TESTER, HAND, [NewUser(values)])
    assert isinstance(user, User)
    for source, external_id in identities:
        ExternalIdentity.objects.create(user=user, source=source, external_id=external_id)
    return user


def test_the_user_stays_and_is_nobody_s_with_an_event_and_a_change_in_the_feed() -> None:
    user = linked(1, ("personio:a", "7"), ("csv:b", "8"))
    [result] = services.unlink_users(TESTER, [user.pk])
    assert isinstance(result, User)
    assert not ExternalIdentity.objects.exists()
    event = Event.objects.get(action="user.unlink")
    assert event.before == {"external_id": "8 (csv:b), 7 (personio:a)"}
    assert (event.target_id, event.after) == (user.pk, {"external_id": ""})
    last = DirectoryChange.objects.latest("pk")
    assert (last.object_id, last.kind, last.fields) == (user.pk, "updated", ["external_id"])
    assert User.objects.get().updated > user.updated


def test_one_source_s_link_may_go_alone() -> None:
    user = linked(1, ("personio:a", "7"), ("csv:b", "8"))
    services.unlink_users(TESTER, [user.pk], "csv:b")
    assert ExternalIdentity.objects.get().source == "personio:a"


def test_who_is_nobody_s_or_gone_is_told_and_leaves_no_event() -> None:
    user, other = linked(1), linked(2, ("personio:a", "7"))
    results = services.unlink_users(TESTER, [user.pk, "0" * 24, other.pk])
    assert isinstance(results[0], Refused)
    assert results[0].codes == {"not_linked"}
    assert results[1] is GONE
    assert isinstance(results[2], User)
    assert Event.objects.filter(action="user.unlink").count() == 1


def test_a_user_unlinked_may_be_linked_again() -> None:
    user = linked(1, ("personio:a", "7"))
    services.unlink_users(TESTER, [user.pk])
    change = services.UserChange(user.pk, {}, Identity("personio:a", "7"))
    [again] = services.update_users(TESTER, HAND, [change])
    assert isinstance(again, User)
    assert ExternalIdentity.objects.get().user_id == user.pk


def test_many_cost_the_same_few_statements() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(count: int, start: int) -> int:
        people = [linked(start + n, ("personio:a", str(start + n))) for n in range(count)]
        with CaptureQueriesContext(connection) as sent:
            services.unlink_users(TESTER, [person.pk for person in people])
        return len(sent)

    assert cost(1, 1) == cost(30, 100)
