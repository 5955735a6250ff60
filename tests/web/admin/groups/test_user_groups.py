"""User groups: made, filled, bound, and taken apart, each step saying what it means for whom."""

from __future__ import annotations

from django.test import Client

from rollcall.audit.models import Event
from rollcall.directory.models import Application, Association, Membership, User, UserGroup
from tests.web.html import squeezed
from tests.web.world import World


def post(client: Client, group: UserGroup, action: str, page: str = "", **more: object) -> str:
    """Press a button on a page of the group."""
    answer = client.post(f"/groups/{group.pk}/{page}", {"action": action, **more}, follow=True)
    return answer.content.decode()


def members(group: UserGroup) -> set[str]:
    """The usernames of the group's members."""
    return set(group.members.values_list("username", flat=True))


def test_the_list_counts_members_and_names_applications(admin: Client, world: World) -> None:
    text = squeezed(admin.get("/groups/").content.decode())
    assert f'<a href="/groups/{world.group.pk}/">Everyone in Munich</a>' in text
    assert "<td>1</td>" in text
    assert "<td>Personio</td>" in text


def test_a_group_is_created_renamed_and_audited(admin: Client, world: World) -> None:
    admin.post("/groups/new/", {"name": "Sales ", "description": ""})
    made = UserGroup.objects.get(name="Sales")
    admin.post(f"/groups/{made.pk}/edit/", {"name": "Vertrieb", "description": "All of them"})
    assert UserGroup.objects.filter(name="Vertrieb", description="All of them").exists()
    assert Event.objects.get(action="group.create").after["name"] == "Sales"
    renamed = Event.objects.get(action="group.update")
    assert (renamed.before["name"], renamed.after["name"]) == ("Sales", "Vertrieb")


def test_no_two_groups_have_one_name(admin: Client, world: World) -> None:
    answer = admin.post("/groups/new/", {"name": "everyone in munich", "description": "x y z"})
    text = answer.content.decode()
    assert "Name “everyone in munich”: there is a group of this name already." in text
    assert 'value="x y z"' in text
    assert UserGroup.objects.count() == 1


def test_many_are_added_from_a_search_result(admin: Client, world: World) -> None:
    asked = post(admin, world.group, "add", "add/", scope="all", query="q=example.com")
    assert "2 users become members of Everyone in Munich." in asked
    assert "One is a member already." in asked
    assert "Through it they get: Personio." in asked
    assert members(world.group) == {"amelie.brandt"}
    post(admin, world.group, "add", "add/", scope="all", query="q=example.com", confirmed="yes")
    assert len(members(world.group)) == 3


def test_the_search_result_says_who_is_a_member_already(admin: Client, world: World) -> None:
    text = admin.get(f"/groups/{world.group.pk}/add/?member=no").content.decode()
    assert "Amelie Brandt" not in text
    assert "Jonas Weiß" in text


def test_everyone_of_an_import_is_added(admin: Client, world: World) -> None:
    assert "One user becomes a member" in post(admin, world.group, "add-run", run="1")
    post(admin, world.group, "add-run", run="1", confirmed="yes")
    assert members(world.group) == {"amelie.brandt", "jonas.weiss"}  # the third is suspended


def test_removing_members_says_who_loses_what(admin: Client, world: World) -> None:
    text = post(admin, world.group, "remove", chosen=[world.user.pk])
    assert "One user loses Personio: Amelie Brandt." in text
    assert members(world.group) == {"amelie.brandt"}
    post(admin, world.group, "remove", chosen=[world.user.pk], confirmed="yes")
    assert members(world.group) == set()
    assert Event.objects.filter(action="user.group.remove", target_name="amelie.brandt").exists()


def test_who_keeps_the_application_through_another_group_loses_nothing(
    admin: Client, world: World
) -> None:
    other = UserGroup.objects.create(name="Other")
    Membership.objects.create(group=other, user=world.user)
    Association.objects.create(group=other, application=world.application)
    assert "Nobody loses an application." in post(admin, world.group, "delete")


def test_deleting_a_group_says_who_loses_what_and_asks_once(admin: Client, world: World) -> None:
    text = post(admin, world.group, "delete")
    assert "One member leaves it; the user stays." in text
    assert "One user loses Personio: Amelie Brandt." in text
    assert UserGroup.objects.filter(pk=world.group.pk).exists()
    post(admin, world.group, "delete", confirmed="yes")
    assert not UserGroup.objects.filter(pk=world.group.pk).exists()
    assert User.objects.count() == 3
    assert Event.objects.get(action="group.delete").before["members"] == 1


def test_an_application_is_bound_and_unbound_after_asking(admin: Client, world: World) -> None:
    wiki = Application.objects.create(name="bookmark", displayLabel="Wiki", active=True)
    assert "one member" in post(admin, world.group, "bind", application=wiki.pk)
    assert set(world.group.applications.all()) == {world.application}
    post(admin, world.group, "bind", application=wiki.pk, confirmed="yes")
    assert set(world.group.applications.all()) == {world.application, wiki}
    assert "One user loses Wiki" in post(admin, world.group, "unbind", application=wiki.pk)
    post(admin, world.group, "unbind", application=wiki.pk, confirmed="yes")
    assert set(world.group.applications.all()) == {world.application}
    actions = set(Event.objects.values_list("action", flat=True))
    assert {"application.bind", "application.unbind"} <= actions


def test_members_of_a_large_group_are_listed_as_those_of_a_small_one(
    admin: Client, world: World
) -> None:
    made = User.objects.bulk_create(
        [User(username=f"u{n}", email=f"u{n}@example.com", lastname="X") for n in range(1100)]
    )
    Membership.objects.bulk_create([Membership(group=world.group, user=one) for one in made])
    text = admin.get(f"/groups/{world.group.pk}/").content.decode()
    assert "1,101 members" in text
    assert "Amelie Brandt" in text
    assert "Jonas Weiß" not in text
