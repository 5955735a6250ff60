"""A form that makes something makes it once, however often it is sent; another one is another."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from rollcall.accounts.models import Account, SentForm
from rollcall.directory.models import Application, User, UserGroup
from rollcall.imports.models import Run
from rollcall.privacy import people
from tests.actors import TESTER
from tests.web.world import World

pytestmark = pytest.mark.django_db

BOOKMARK = {"displayLabel": "Wiki", "ssoUrl": "https://wiki.example.com", "action": "activate"}
FORMS = {
    "/applications/new/bookmark/": BOOKMARK,
    "/groups/new/": {"name": "Payroll", "description": ""},
    "/users/new/": {"username": "kim", "email": "kim@example.org"},
    "/settings/administrators/": {"email": "kim@example.com", "role": "manager"},
}


def key_in(client: Client, address: str) -> dict[str, str]:
    """The key of the form on this page."""
    found = re.search(r'name="form" value="([^"]+)"', client.get(address).content.decode())
    assert found, address
    return {"form": found[1]}


def number_of_things() -> int:
    return sum(rows.objects.count() for rows in (Application, UserGroup, User, Account, Run))


@pytest.mark.parametrize("address", FORMS)
def test_sent_twice_it_leads_to_the_same_place(admin: Client, world: World, address: str) -> None:
    before = number_of_things()
    form = FORMS[address] | key_in(admin, address)
    answers = [admin.post(address, form) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer["Location"] for answer in answers}) == 1
    assert number_of_things() == before + 1


@pytest.mark.parametrize("address", FORMS)
def test_what_was_refused_can_be_corrected_and_sent(
    admin: Client, world: World, address: str
) -> None:
    form = FORMS[address] | key_in(admin, address)
    name = next(iter(FORMS[address]))
    assert admin.post(address, form | {name: ""}).status_code == 200
    assert admin.post(address, form).status_code == 302


def test_with_other_values_it_makes_another_thing(admin: Client, world: World) -> None:
    form = FORMS["/groups/new/"] | key_in(admin, "/groups/new/")
    first = admin.post("/groups/new/", form)["Location"]
    other = admin.post("/groups/new/", form | {"name": "Sales"})["Location"]
    assert first != other
    assert UserGroup.objects.filter(name__in=["Payroll", "Sales"]).count() == 2


def test_a_second_application_of_one_label_is_not_made_after_going_back(
    admin: Client, world: World
) -> None:
    address = "/applications/new/bookmark/"
    admin.post(address, BOOKMARK | key_in(admin, address))
    # The browser's Back loads the page anew, and so with another key.
    answer = admin.post(address, BOOKMARK | {"displayLabel": "wiki"} | key_in(admin, address))
    wiki = Application.objects.get(displayLabel="Wiki")
    page = answer.content.decode()
    assert f'There is <a href="/applications/{wiki.pk}/">Wiki</a> already.' in page
    assert Application.objects.filter(displayLabel__iexact="wiki").count() == 1


def test_of_two_applications_that_share_a_label_each_can_be_saved(
    admin: Client, world: World
) -> None:
    twins = [Application.objects.create(name="bookmark", displayLabel="Wiki") for _ in range(2)]
    for twin in twins:
        address = f"/applications/{twin.pk}/"
        saved = {"displayLabel": "Wiki", "ssoUrl": "https://wiki.example.com", "color": "#112233"}
        assert admin.post(address, saved).status_code == 302
    renamed = {"displayLabel": "Personio", "ssoUrl": "https://wiki.example.com"}
    page = admin.post(f"/applications/{twins[0].pk}/", renamed).content.decode()
    assert "already. Give this one another label." in page


def test_a_retry_that_is_sent_twice_begins_one_import(admin: Client, world: World) -> None:
    form = key_in(admin, "/imports/1/")
    answers = [admin.post("/imports/1/retry/", form) for _ in range(2)]
    assert [answer["Location"] for answer in answers] == ["/imports/2/", "/imports/2/"]
    assert Run.objects.count() == 2


def test_what_is_kept_of_it_goes_after_a_day_and_with_the_person(
    admin: Client, world: World
) -> None:
    address = "/users/new/"
    made = admin.post(address, FORMS[address] | key_in(admin, address))["Location"]
    row = SentForm.objects.get()
    assert row.address == made
    (kim,) = people.identify("kim@example.org")
    people.erase(kim, TESTER)
    assert not SentForm.objects.exists()
    old = timezone.now() - timedelta(days=2)
    SentForm.objects.create(digest="0" * 64, address="/groups/x/", created=old)
    admin.post("/groups/new/", FORMS["/groups/new/"] | key_in(admin, "/groups/new/"))
    assert not SentForm.objects.filter(digest="0" * 64).exists()
