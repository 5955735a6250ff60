"""Users added and changed by hand: what is refused and why, what is kept, what is written down."""

from __future__ import annotations

import pytest
from django.test import Client

from rollcall.audit.models import Event
from rollcall.directory.models import Organization, User
from rollcall.imports.models import Connection, Run
from tests.web.world import World

NEW = {
    "firstname": "Ines",
    "lastname": "Álvarez",
    "username": "ines.alvarez",
    "email": "Ines.Alvarez@example.com",
    "manager": "amelie.brandt",
}


def edit(client: Client, user: User, **values: str) -> str:
    """Send the edit form of a user with these values changed; the page that comes back."""
    form = client.get(f"/users/{user.pk}/edit/").context["form"]
    answer = client.post(f"/users/{user.pk}/edit/", {**form.initial, **values}, follow=True)
    return answer.content.decode()


@pytest.mark.parametrize("state", ["STAGED", "ACTIVATED"])
def test_a_new_user_gets_the_state_for_manual_creation(
    admin: Client, world: World, state: str
) -> None:
    Organization.objects.update(manualEntry=state)
    admin.post("/users/new/", NEW)
    made = User.objects.get(username="ines.alvarez")
    assert (made.state, made.email, made.manager) == (
        state,
        "ines.alvarez@example.com",
        world.user,
    )
    assert made.creationSource == "jumpcloud:manual"
    assert {source for source, _ in made.provenance.values()} == {"hand"}
    entry = Event.objects.get(action="user.create")
    assert entry.after["email"] == "ines.alvarez@example.com"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("username", "", "Username: fill this in."),
        ("username", "ines álvarez", "Username “ines álvarez”: start with a letter"),
        ("username", "AMELIE.Brandt", "Username “AMELIE.Brandt”: Amelie Brandt (amelie.brandt)"),
        ("username", "a" * 31, "Username: at most 30 characters, not 31."),
        ("email", "ines", "E-mail “ines”: this is not an e-mail address."),
        ("email", "Amelie.Brandt@Example.com", "E-mail “Amelie.Brandt@Example.com”: Amelie"),
        ("employeeIdentifier", "E-1", "Employee identifier “E-1”: Amelie Brandt"),
        ("manager", "nobody", "Manager “nobody”: no user has this username or e-mail."),
    ],
)
def test_what_is_refused_names_field_and_value_and_what_was_typed_stays(
    admin: Client, world: World, field: str, value: str, words: str
) -> None:
    User.objects.filter(pk=world.user.pk).update(employeeIdentifier="E-1")
    text = admin.post("/users/new/", {**NEW, field: value}).content.decode()
    assert words in text
    assert 'value="Álvarez"' in text
    assert User.objects.count() == 3


def test_a_change_is_by_hand_and_audited_with_before_and_after(admin: Client, world: World) -> None:
    edit(admin, world.user, department=" Research\t")
    user = User.objects.get(pk=world.user.pk)
    assert user.department == "Research"
    assert user.provenance["department"][0] == "hand"
    assert "lastname" not in user.provenance
    entry = Event.objects.get(action="user.update")
    assert (entry.before, entry.after) == (
        {"department": "Engineering"},
        {"department": "Research"},
    )


def test_saving_without_a_change_writes_nothing(admin: Client, world: World) -> None:
    edit(admin, world.user)
    assert not Event.objects.filter(action="user.update").exists()


def test_the_form_says_of_each_field_of_personio_what_the_next_import_does(
    admin: Client, world: World
) -> None:
    form = admin.get(f"/users/{world.user.pk}/edit/").context["form"]
    marked = {one.name for one in form if "the next import writes" in one.help_text}
    assert marked == {
        *("firstname", "lastname", "email", "jobTitle", "manager", "employeeType"),
        *("company", "location", "department", "costCenter"),
    }


def test_what_an_account_is_called_is_shown_as_text(admin: Client, world: World) -> None:
    Connection.objects.update(name="People <b>of</b> HR")
    page = admin.get(f"/users/{world.user.pk}/edit/").content.decode()
    assert "From People &lt;b&gt;of&lt;/b&gt; HR: the next import writes" in page
    assert "<b>of</b>" not in page


def test_nothing_is_marked_for_users_who_are_not_imported(admin: Client, world: World) -> None:
    admin.post("/users/new/", NEW)
    made = User.objects.get(username="ines.alvarez")
    form = admin.get(f"/users/{made.pk}/edit/").context["form"]
    assert [one.name for one in form if "import" in one.help_text] == []


def test_nobody_becomes_the_manager_of_their_own_manager(admin: Client, world: World) -> None:
    jonas = User.objects.get(username="jonas.weiss")
    User.objects.filter(pk=jonas.pk).update(manager=world.user)
    text = edit(admin, world.user, manager="jonas.weiss")
    assert "somebody who reports to the user" in text
    assert "nobody is their own manager" in edit(admin, jonas, manager="jonas.weiss")
    edit(admin, jonas, manager="")
    assert User.objects.get(pk=jonas.pk).manager is None


def test_the_managers_field_suggests_people(admin: Client, world: World) -> None:
    text = admin.get("/users/suggestions/", {"manager": "weiß"}).content.decode()
    assert '<option value="jonas.weiss">Jonas Weiß</option>' in text
    assert "amelie" not in text


def test_an_attribute_that_imports_leave_out_is_not_marked(admin: Client, world: World) -> None:
    Run.objects.update(options={"without": ["department"]})
    form = admin.get(f"/users/{world.user.pk}/edit/").context["form"]
    marked = {one.name for one in form if "the next import writes" in one.help_text}
    assert "department" not in marked
    assert "location" in marked


def test_the_form_says_that_an_import_asks_before_it_takes_the_user_over(admin: Client) -> None:
    text = admin.get("/users/new/").content.decode()
    assert "asks whether this user is to become that employee" in text
    assert "takes over their values" not in text
