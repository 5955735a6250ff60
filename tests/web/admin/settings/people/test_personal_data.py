"""Settings → Personal data: a person is found, handed out, erased and let in again."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from rollcall.accounts import services as accounts
from rollcall.accounts.models import Account, Role
from rollcall.audit.models import Event
from rollcall.directory.models import ExternalIdentity, User
from rollcall.imports import tombstones
from rollcall.imports.models import Run, RunState, Tombstone
from rollcall.privacy.registry import records
from rollcall.web.admin.settings.people.records import LABELS, STAYING
from tests.actors import TESTER
from tests.web.world import World

pytestmark = pytest.mark.django_db
PAGE = "/settings/personal-data/"


def found(admin: Client, person: str) -> str:
    return admin.post(PAGE, {"action": "find", "person": person}).content.decode()


def erase(admin: Client, person: str, **more: str) -> str:
    form = {"action": "erase", "person": person, **more}
    return admin.post(PAGE, form, follow=True).content.decode()


def test_somebody_is_found_with_what_is_kept(admin: Client, world: World) -> None:
    page = found(admin, world.user.email)
    assert world.user.username in page
    assert "User, group memberships and ids at sources" in page
    assert "is deleted" in page
    event = Event.objects.latest("pk")
    assert (event.action, event.target_name) == ("data.export", "person")
    assert world.user.email not in str(event.details)


def test_nobody_is_told_and_no_address_names_a_person(admin: Client, world: World) -> None:
    assert "Nothing is kept of anybody who is called that." in found(admin, "nobody.at.all")
    page = admin.get(f"{PAGE}?person={world.user.email}").content.decode()
    assert "is deleted" not in page


def test_the_file_holds_everything_and_no_secret(admin: Client, world: World) -> None:
    answer = admin.post(PAGE, {"action": "export", "person": f"user:{world.user.pk}"})
    assert 'filename="person.jsonl"' in answer["Content-Disposition"]
    rows = [json.loads(line) for line in answer.getvalue().decode().splitlines()]
    assert {"directory.User", "directory.Membership"} <= {row["model"] for row in rows}
    assert Event.objects.filter(action="data.export", details__format="json").exists()


def test_erasing_says_what_goes_and_what_stays_and_waits_for_the_name(
    admin: Client, world: World
) -> None:
    key = f"user:{world.user.pk}"
    page = erase(admin, key)
    assert f"Type {world.user.username} to erase this person" in page
    assert "is deleted" in page
    assert "a keyed digest of their id at" in " ".join(page.split())
    assert "This is not the name above." in erase(admin, key, typed="somebody else")
    assert User.objects.filter(pk=world.user.pk).exists()
    page = erase(admin, key, typed=world.user.username.upper())
    assert "The person is erased." in page
    assert not User.objects.filter(pk=world.user.pk).exists()
    event = Event.objects.latest("pk")
    assert (event.action, event.actor_name) == ("person.erase", "administrator@example.com")


def test_erasing_somebody_whom_no_source_is_linked_to_promises_nothing_of_imports(
    admin: Client, world: World
) -> None:
    ExternalIdentity.objects.filter(user=world.user).delete()
    page = " ".join(erase(admin, f"user:{world.user.pk}").split())
    assert "a keyed digest of their id at" not in page
    assert "the next import makes them anew" in page


def test_an_erased_person_is_found_by_the_id_and_let_in_again(admin: Client, world: World) -> None:
    identity = ExternalIdentity.objects.filter(user=world.user).first()
    assert identity is not None
    name = f"{identity.source}:{identity.external_id}"
    erase(admin, f"user:{world.user.pk}", typed=world.user.username)
    page = found(admin, name)
    assert "Imports leave this person out" in page
    page = admin.post(PAGE, {"action": "readmit", "person": name}, follow=True).content.decode()
    assert "The next import takes this person in again." in page
    assert not Tombstone.objects.exists()
    assert tombstones.find(name) == []


def test_one_proves_who_one_is_first(client: Client, world: World) -> None:
    backend = "rollcall.accounts.backend.AccountBackend"
    client.force_login(world.people["administrator"], backend=backend)
    for action in ("find", "export", "erase", "readmit"):
        answer = client.post(PAGE, {"action": action, "person": world.user.email})
        assert answer["Location"].startswith("/account/confirm/")
    assert User.objects.filter(pk=world.user.pk).exists()


@pytest.mark.parametrize("role", ["manager", "read_only"])
def test_only_administrators_may(client: Client, world: World, role: str) -> None:
    client.force_login(world.people[role])
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"action": "find", "person": world.user.email}).status_code == 403


def test_nobody_erases_themselves(admin: Client, world: World) -> None:
    account = world.people["administrator"]
    accounts.create(TESTER, "second@example.com", [Role.ADMINISTRATOR])
    page = erase(admin, f"account:{account.pk}", typed=account.email)
    assert "This is you." in page
    assert Account.objects.filter(pk=account.pk).exists()


def test_a_run_that_has_not_ended_is_in_the_way_by_its_number(admin: Client, world: World) -> None:
    Run.objects.update(state=RunState.REVIEW)
    page = erase(admin, f"user:{world.user.pk}", typed=world.user.username)
    assert f"Import {world.run.number} has not ended and has this person in it." in page
    assert User.objects.filter(pk=world.user.pk).exists()


def test_a_name_of_two_people_is_erased_by_what_tells_them_apart(
    admin: Client, world: World
) -> None:
    account = accounts.create(TESTER, world.user.email, [Role.READ_ONLY])
    page = found(admin, world.user.email)
    assert f'value="user:{world.user.pk}"' in page
    assert f'value="account:{account.pk}"' in page
    form = {"action": "export", "person": world.user.email}
    assert admin.post(PAGE, form).status_code == 400


def test_every_kind_of_record_has_words() -> None:
    names = {room.name for room in records()}
    assert names == set(LABELS)
    assert set(STAYING) <= names


def test_a_name_finds_those_who_have_it_however_it_is_written(admin: Client, world: World) -> None:
    User.objects.create(
        username="oezlem", email="o@example.org", firstname="Özlem", lastname="Çelik"
    )
    assert "oezlem" in found(admin, "ozlem celik")
    assert "oezlem" in found(admin, "ÇELİK")
    assert "Nothing is kept of anybody" in erase(admin, "ozlem celik")


def test_who_may_not_be_erased_is_told_before_the_name_is_typed(
    admin: Client, world: World
) -> None:
    assert "Type" in erase(admin, f"user:{world.user.pk}")
    Run.objects.update(state=RunState.REVIEW)
    page = erase(admin, f"user:{world.user.pk}")
    assert "has not ended" in page
    assert "Type" not in page
