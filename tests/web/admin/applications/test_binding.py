"""The step that people forget: imported users reach the application only through a bound group."""

from __future__ import annotations

import pytest
from django.test import Client

from rollcall.audit.models import Event
from rollcall.directory.models import Application, UserGroup
from rollcall.imports.models import Run
from tests.web.world import World

pytestmark = pytest.mark.django_db


def where(world: World, page: str) -> str:
    """A page of the world's application."""
    return f"/applications/{world.application.pk}/{page}"


def test_identity_management_says_who_is_without_the_application(
    admin: Client, world: World
) -> None:
    shown = admin.get(where(world, "?tab=identity-management")).content.decode()
    assert "2 imported users are in no group bound to Personio yet." in shown
    assert "Zofia Nowak" in shown


def test_one_confirmation_puts_all_of_them_into_a_new_bound_group(
    admin: Client, world: World
) -> None:
    form = {"who": "", "group": "", "new_name": "Everyone"}
    asked = admin.post(where(world, "bind/"), form).content.decode()
    assert "2 users become members of Everyone." in asked
    assert not UserGroup.objects.filter(name="Everyone").exists()
    admin.post(where(world, "bind/"), {**form, "confirmed": "yes"})
    group = UserGroup.objects.get(name="Everyone")
    assert group.members.count() == 2
    assert world.application in group.applications.all()
    shown = admin.get(where(world, "?tab=identity-management")).content.decode()
    assert "Every imported user is in a group bound to Personio." in shown
    assert Event.objects.get(action="group.member.add").after["members added"] == 2
    assert Event.objects.get(action="application.bind").after == {"groups": ["Everyone"]}


def test_everyone_of_an_import_goes_into_a_group_that_is_there(admin: Client, world: World) -> None:
    Run.objects.filter(pk=world.run.pk).update(applied=3)
    sales = UserGroup.objects.create(name="Sales")
    form = {"who": "1", "group": sales.pk, "new_name": "", "confirmed": "yes"}
    admin.post(where(world, "bind/"), form)
    assert sales.members.count() == 2  # the third is suspended


def test_an_import_that_changed_nothing_is_what_its_own_page_offers(
    admin: Client, world: World
) -> None:
    Run.objects.filter(pk=world.run.pk).update(applied=0)
    shown = admin.get(where(world, "bind/?run=1")).content.decode()
    assert "Everyone of import 1" in shown
    world.run.changes.all().delete()
    asked = admin.post(where(world, "bind/"), {"who": "1", "group": "", "new_name": "Nobody"})
    assert "There is nobody among them to be bound." in asked.content.decode()
    assert not UserGroup.objects.filter(name="Nobody").exists()


def test_without_a_group_nothing_happens_and_the_form_says_so(admin: Client, world: World) -> None:
    shown = admin.post(where(world, "bind/"), {"who": ""}).content.decode()
    assert "Choose a group, or name a new one." in shown
    taken = {"who": "", "new_name": world.group.name}
    shown = admin.post(where(world, "bind/"), taken).content.decode()
    assert "There is a group of this name; choose it." in shown


def test_where_nobody_was_imported_the_page_says_so(admin: Client, world: World) -> None:
    values = {"name": "personio", "displayLabel": "Personio of the holding", "active": True}
    fresh = Application.objects.create(**values)
    page = admin.get(f"/applications/{fresh.pk}/?tab=identity-management").content.decode()
    assert "No user has been imported from this account yet." in page
    assert "Every imported user" not in page
