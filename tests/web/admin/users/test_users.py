"""Users: listed, filtered, exported, and changed many at once."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rollcall.audit.models import Event
from rollcall.directory.models import Association, Membership, User, UserGroup
from rollcall.directory.services import HAND, UserChange, update_users
from tests.actors import TESTER
from tests.web.world import World

EVERYBODY = {"Amelie Brandt", "Jonas Weiß", "Zofia Nowak"}


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    caches["this process"].clear()


def listed(client: Client, query: str = "") -> set[str]:
    """The names on the page."""
    rows = client.get(f"/users/{query}").context["listing"].rows()
    return {str(cells[0][0]) for _, cells in rows}


def act(client: Client, action: str, *users: User, **more: str) -> HttpResponse:
    """Press a bulk button for these users and say yes."""
    form = {"action": action, "chosen": [one.pk for one in users], "confirmed": "yes", **more}
    return client.post("/users/", form, follow=True)  # type: ignore[return-value]  # django's test response


def states() -> dict[str, str]:
    """Every user's state by username."""
    return dict(User.objects.values_list("username", "state"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", EVERYBODY),
        ("?q=weiß", {"Jonas Weiß"}),
        ("?q=WEIß", {"Jonas Weiß"}),
        ("?q=nowak+zofia", {"Zofia Nowak"}),
        ("?state=STAGED", {"Jonas Weiß"}),
        ("?department=Finance", {"Zofia Nowak"}),
        ("?run=1", EVERYBODY),
        ("?run=2", set()),
        ("?run=x", set()),
        ("?group=unbound", {"Jonas Weiß", "Zofia Nowak"}),
        ("?manager=amelie.brandt", {"Jonas Weiß"}),
        ("?manager=Brandt", {"Jonas Weiß"}),
        ("?manager=nobody", set()),
    ],
)
def test_search_and_filters_narrow_the_list(
    admin: Client, world: World, query: str, expected: set[str]
) -> None:
    User.objects.filter(username="jonas.weiss").update(manager=world.user)
    assert listed(admin, query) == expected


def test_a_group_narrows_the_list(admin: Client, world: World) -> None:
    assert listed(admin, f"?group={world.group.pk}") == {"Amelie Brandt"}


def test_umlauts_are_found_in_either_case(admin: Client, world: World) -> None:
    update_users(TESTER, HAND, [UserChange(world.user.pk, {"lastname": "Özkan"})])
    for typed in ("özkan", "ÖZKAN", "Özk"):
        assert "Amelie Özkan" in admin.get("/users/", {"q": typed}).content.decode()


def test_the_file_holds_what_the_list_shows(admin: Client, world: World) -> None:
    answer = admin.get("/users/?state=STAGED&columns=name&columns=email&export=csv")
    text = b"".join(answer).decode("utf-8-sig")
    assert text.splitlines() == ["Name,E-mail", "Jonas Weiß,jonas.weiss@example.com"]


def test_the_page_says_who_reaches_no_application_and_leads_there(
    admin: Client, world: World
) -> None:
    text = admin.get("/users/").content.decode()
    assert "2 imported users are in no group that is bound to an application yet." in text
    assert "?group=unbound" in text


def test_binding_them_makes_the_page_quiet_at_once(admin: Client, world: World) -> None:
    admin.get("/users/")
    act(
        admin,
        "add-to-group",
        scope="all",
        query="group=unbound",
        to_group=world.group.pk,
    )
    assert Membership.objects.filter(group=world.group).count() == 3
    assert "in no group that is bound" not in admin.get("/users/").content.decode()
    Association.objects.all().delete()
    assert "3 imported users are in no group" in admin.get("/users/").content.decode()


def test_activating_says_what_it_touches_and_asks_once(admin: Client, world: World) -> None:
    people = [one.pk for one in User.objects.all()]
    asked = admin.post("/users/", {"action": "activate", "chosen": people})
    text = asked.content.decode()
    assert "Activate 2 users?" in text
    assert "One is active already and stays so." in text
    assert states()["jonas.weiss"] == "STAGED"
    admin.post("/users/", {"action": "activate", "chosen": people, "confirmed": "yes"})
    assert set(states().values()) == {"ACTIVATED"}


def test_suspending_everything_that_a_filter_matches_leaves_the_others(
    admin: Client, world: World
) -> None:
    act(admin, "suspend", scope="all", query="state=STAGED")
    assert states() == {
        "amelie.brandt": "ACTIVATED",
        "jonas.weiss": "SUSPENDED",
        "zofia.nowak": "SUSPENDED",
    }


def test_each_user_who_changes_is_audited_with_before_and_after(
    admin: Client, world: World
) -> None:
    act(admin, "suspend", *User.objects.all())
    entries = Event.objects.filter(action="user.suspend")
    assert {one.target_name: (one.before, one.after) for one in entries} == {
        "amelie.brandt": ({"state": "ACTIVATED"}, {"state": "SUSPENDED"}),
        "jonas.weiss": ({"state": "STAGED"}, {"state": "SUSPENDED"}),
    }
    assert {(one.actor_name, one.door, one.client_ip) for one in entries} == {
        ("administrator@example.com", "portal", "127.0.0.1")
    }


def test_a_state_changed_here_is_known_to_be_by_hand(admin: Client, world: World) -> None:
    User.objects.filter(pk=world.user.pk).update(provenance={"email": ["personio", "x"]})
    act(admin, "suspend", world.user)
    provenance = User.objects.get(pk=world.user.pk).provenance
    assert provenance["email"] == ["personio", "x"]
    assert provenance["state"][0] == "hand"


def test_joining_a_group_is_in_the_log_of_the_users_and_of_the_group(
    admin: Client, world: World
) -> None:
    act(admin, "add-to-group", *User.objects.all(), to_group=world.group.pk)
    joined = Event.objects.filter(action="user.group.add")
    assert sorted(joined.values_list("target_name", flat=True)) == ["jonas.weiss", "zofia.nowak"]
    assert Event.objects.get(action="group.member.add").after == {"members added": 2}


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ("", "Choose the group to add them to."),
        ("6b09a4c4acd3ff5a1f083d10", "This group was deleted meanwhile; choose another one."),
    ],
)
def test_a_group_that_is_gone_is_told_from_one_that_nobody_chose(
    admin: Client, world: World, chosen: str, told: str
) -> None:
    assert told in act(admin, "add-to-group", world.user, to_group=chosen).content.decode()


@pytest.mark.parametrize("action", ["activate", "suspend", "add-to-group"])
def test_nobody_chosen_changes_nothing_and_says_so(
    admin: Client, world: World, action: str
) -> None:
    before = states()
    answer = admin.post("/users/", {"action": action, "to_group": world.group.pk}, follow=True)
    assert "Nobody was chosen" in answer.content.decode()
    assert states() == before


def test_a_bulk_action_takes_as_many_statements_for_many_as_for_few(
    admin: Client, world: World
) -> None:
    group = UserGroup.objects.create(name="New")
    counts = []
    admin.get("/users/")
    for size in (10, 400):
        made = [
            User(username=f"u{size}.{n}", email=f"u{size}.{n}@example.com", department=f"D{size}")
            for n in range(size)
        ]
        User.objects.bulk_create(made)
        query = f"department=D{size}"
        for action in ("activate", "suspend", "add-to-group"):
            with CaptureQueriesContext(connection) as queries:
                act(admin, action, scope="all", query=query, to_group=group.pk)
            counts.append(len(queries))
    assert counts[:3] == counts[3:]
    assert Membership.objects.filter(group=group).count() == 410


def test_readers_see_no_buttons(client: Client, world: World) -> None:
    client.force_login(
        world.people["read_only"],
        backend="rollcall.accounts.backend.AccountBackend",
    )
    text = client.get("/users/").content.decode()
    assert "Amelie Brandt" in text
    assert 'value="suspend"' not in text
    assert "/users/new/" not in text


def test_what_looks_like_markup_stays_text(admin: Client, world: World) -> None:
    User.objects.filter(pk=world.user.pk).update(department='<b id="x">Sales</b>')
    UserGroup.objects.create(name="<script>")
    text = admin.get("/users/").content.decode()
    assert "<b id=" not in text
    assert "&lt;b id=&quot;x&quot;&gt;Sales&lt;/b&gt;</option>" in text
    assert "&lt;script&gt;</option>" in text
