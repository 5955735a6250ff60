"""What the one writer does: all that is asked, each object or why not, in the order given."""

from __future__ import annotations

import pytest

from rollcall.audit.models import Event
from rollcall.directory import services
from rollcall.directory.models import DirectoryChange, ExternalIdentity, User, UserGroup
from rollcall.directory.services import (
    HAND,
    Identity,
    ManagerChange,
    NewGroup,
    NewUser,
    Refused,
    UserChange,
    UserResult,
)
from rollcall.provisioning.user import State
from tests.actors import TESTER
from tests.targets.builtin.people import person

pytestmark = pytest.mark.django_db


def new(number: int, identity: Identity | None = None, **values: object) -> NewUser:
    known = {"username": f"person{number}", "email": f"person{number}@example.org", **values}
    return NewUser(known, identity=identity)


def made(*drafts: NewUser) -> list[UserResult]:
    return services.create_users(TESTER, HAND, drafts)


def changed(user: User, **values: object) -> UserResult:
    [result] = services.update_users(TESTER, HAND, [UserChange(user.id, values)])
    return result


def codes(result: object) -> set[tuple[str, str]]:
    assert isinstance(result, Refused)
    return {(refusal.field, refusal.code) for refusal in result.refusals}


def actions() -> list[str]:
    return list(Event.objects.order_by("timestamp", "pk").values_list("action", flat=True))


def feed() -> list[tuple[str, str, list[str]]]:
    rows = DirectoryChange.objects.order_by("id")
    return list(rows.values_list("object_id", "kind", "fields"))


def test_a_user_is_made_with_its_values_in_their_stored_form() -> None:
    [user] = made(
        new(
            1,
            email=" Mara.VOSS@Example.org",
            lastname=" Voss\n",
            employeeIdentifier="",
            attributes=[{"name": "desk", "value": " A1 "}],
        )
    )
    assert isinstance(user, User)
    user.refresh_from_db()
    assert (user.email, user.lastname) == ("mara.voss@example.org", "Voss")
    assert (user.employeeIdentifier, user.state) == (None, "STAGED")
    assert user.attributes == [{"name": "desk", "value": "A1"}]
    assert set(user.provenance) == {"username", "email", "lastname", "attributes", "state"}
    assert {source for source, _ in user.provenance.values()} == {"hand"}


def test_what_is_written_is_an_event_and_a_change_in_the_feed() -> None:
    [user] = made(new(1, identity=Identity("acme", "7"), lastname="Voss"))
    assert isinstance(user, User)
    assert actions() == ["user.create"]
    event = Event.objects.get()
    assert (event.actor_name, event.target_id, event.target_name) == ("tests", user.id, "person1")
    assert {one["field"]: one["to"] for one in event.changes}["lastname"] == "Voss"
    assert feed() == [(user.id, "created", [])]
    assert ExternalIdentity.objects.get(user=user).external_id == "7"


def test_each_of_many_is_made_or_refused_by_itself() -> None:
    person(9, email="taken@example.org")
    results = made(
        new(1),
        new(2, email="Taken@example.org", username="9lives"),
        new(3, username="PERSON1"),
        new(4),
        NewUser({"email": "five@example.org"}),
    )
    assert [isinstance(result, User) for result in results] == [True, False, False, True, False]
    assert codes(results[1]) == {("username", "username_malformed"), ("email", "taken")}
    assert codes(results[2]) == {("username", "taken")}
    assert codes(results[4]) == {("username", "required")}
    assert User.objects.count() == 3
    assert actions() == ["user.create"] * 2


def test_an_identity_belongs_to_one_user() -> None:
    [first] = made(new(1, Identity("acme", "7")))
    [second, third] = made(new(2, Identity("acme", "7")), new(3, Identity("other", "7")))
    assert codes(second) == {("external_id", "taken")}
    assert isinstance(third, User)
    assert isinstance(first, User)
    assert first.sources == {"acme"}


def test_only_what_differs_is_changed_and_told() -> None:
    user = person(1, department="Sales")
    result = changed(user, department="Purchasing", email="PERSON1@example.org", location="")
    assert isinstance(result, User)
    user.refresh_from_db()
    assert (user.department, set(user.provenance)) == ("Purchasing", {"department"})
    [change] = Event.objects.get().changes
    assert change == {"field": "department", "from": "Sales", "to": "Purchasing"}
    assert feed() == [(user.id, "updated", ["department"])]


def test_a_change_that_is_none_writes_nothing() -> None:
    user = person(1, department="Sales")
    changed(user, department="Sales")
    assert User.objects.get().updated == user.updated
    assert not Event.objects.exists()
    assert not DirectoryChange.objects.exists()


def test_a_custom_attribute_is_set_and_removed_by_itself() -> None:
    user = person(1, attributes=[{"name": "desk", "value": "A1"}])
    changed(user, **{"attributes.floor": "3", "attributes.desk": None})
    user.refresh_from_db()
    assert user.attributes == [{"name": "floor", "value": "3"}]
    assert set(user.provenance) == {"attributes.floor", "attributes.desk"}


def test_a_user_who_is_gone_is_refused_and_the_others_are_not() -> None:
    user = person(1)
    changes = [UserChange("0" * 24, {"lastname": "X"}), UserChange(user.id, {"lastname": "Y"})]
    gone, there = services.update_users(TESTER, HAND, changes)
    assert codes(gone) == {("", "gone")}
    assert isinstance(there, User)


def test_two_users_may_change_places_in_the_order_given() -> None:
    one, other = person(1), person(2)
    results = services.update_users(
        TESTER,
        HAND,
        [
            UserChange(one.id, {"email": "third@example.org"}),
            UserChange(other.id, {"email": "person1@example.org"}),
        ],
    )
    assert all(isinstance(result, User) for result in results)


@pytest.mark.parametrize(
    ("before", "after", "action"),
    [
        ("STAGED", "ACTIVATED", "user.activate"),
        ("SUSPENDED", "ACTIVATED", "user.reactivate"),
        ("ACTIVATED", "SUSPENDED", "user.suspend"),
    ],
)
def test_a_lone_change_of_state_has_a_name_of_its_own(before: str, after: str, action: str) -> None:
    user = person(1, state=before)
    changed(user, state=after)
    assert actions() == [action]
    User.objects.update(state=before)
    assert services.set_state(TESTER, HAND, User.objects.all(), State(after)) == 1
    assert actions() == [action] * 2


def test_nobody_returns_to_being_staged() -> None:
    user = person(1, state="ACTIVATED")
    assert codes(changed(user, state="STAGED")) == {("state", "never_staged")}
    with pytest.raises(ValueError, match="STAGED"):
        services.set_state(TESTER, HAND, User.objects.all(), State.STAGED)


def test_a_username_stays_while_an_application_knows_the_user_by_it() -> None:
    user = person(1)
    [group] = services.create_groups(TESTER, [NewGroup("Sales")])
    [application] = services.create_applications(
        TESTER, [services.NewApplication({"name": "bookmark", "displayLabel": "Wiki"})]
    )
    assert isinstance(group, UserGroup)
    assert not isinstance(application, Refused)
    services.set_members(TESTER, group, add=[user.id])
    assert isinstance(changed(user, username="mara"), User)
    services.bind(TESTER, application, [group])
    assert codes(changed(user, username="voss")) == {("username", "in_use")}
    assert isinstance(changed(user, username="mara", lastname="Voss"), User)


def test_managers_are_set_and_a_circle_is_refused_wherever_it_closes() -> None:
    a, b, c, d = (person(n) for n in range(1, 5))

    def link(*pairs: tuple[User, User | None]) -> list[Refused | None]:
        changes = [ManagerChange(one.id, boss.id if boss else None) for one, boss in pairs]
        return services.set_managers(TESTER, HAND, changes)

    assert link((a, b), (b, c)) == [None, None]
    [circle, fine] = link((c, a), (d, c))
    assert codes(circle) == {("manager", "manager_circle")}
    assert fine is None
    assert codes(changed(c, manager=a.id)) == {("manager", "manager_circle")}
    assert codes(changed(a, manager=a.id)) == {("manager", "own_manager")}
    assert codes(changed(a, manager="0" * 24)) == {("manager", "unknown_user")}
    # all at once may turn the order round
    assert link((a, None), (c, a)) == [None, None]
    b.refresh_from_db()
    assert (b.manager_id, b.provenance["manager"][0]) == (c.id, "hand")


def test_a_refused_manager_leaves_the_old_one_with_whom_another_may_close_a_circle() -> None:
    a, b, c = (person(n) for n in range(1, 4))
    User.objects.filter(pk=a.pk).update(manager=c)
    changes = [ManagerChange(a.id, b.id), ManagerChange(b.id, a.id), ManagerChange(c.id, a.id)]
    results = services.set_managers(TESTER, HAND, changes)
    assert all(isinstance(result, Refused) for result in results)
    assert User.objects.get(pk=a.pk).manager_id == c.id


def test_deleting_users_hands_their_reports_on() -> None:
    boss, heir, report, other = (person(n) for n in range(1, 5))
    User.objects.filter(pk__in=[report.pk, heir.pk]).update(manager=boss)
    User.objects.filter(pk=other.pk).update(manager=report)
    [refused] = services.delete_users(TESTER, HAND, [boss.id], successor="0" * 24)
    assert codes(refused) == {("manager", "unknown_user")}
    [gone] = services.delete_users(TESTER, HAND, [boss.id], successor=heir.id)
    assert isinstance(gone, User)
    report.refresh_from_db()
    heir.refresh_from_db()
    assert (report.manager_id, heir.manager_id) == (heir.id, None)
    assert services.delete_users(TESTER, HAND, [boss.id]) == [services.GONE]
    assert sorted(actions()) == ["user.delete", "user.update", "user.update"]
    assert (boss.id, "deleted", []) in feed()


def test_a_successor_who_reports_to_a_report_is_refused() -> None:
    boss, report, heir = (person(n) for n in range(1, 4))
    User.objects.filter(pk=report.pk).update(manager=boss)
    User.objects.filter(pk=heir.pk).update(manager=report)
    [refused] = services.delete_users(TESTER, HAND, [boss.id], successor=heir.id)
    assert codes(refused) == {("manager", "manager_circle")}
    assert User.objects.count() == 3
