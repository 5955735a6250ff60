"""One's own profile: what the organization lets people change, and what HR keeps."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as some

from rollcall.accounts import activation, own_profile
from rollcall.accounts.models import Account
from rollcall.audit.models import Event
from rollcall.directory.models import User
from rollcall.directory.services import HAND
from tests.actors import ADMIN
from tests.web.world import PASSWORD, World

WHERE = "/me/profile/"


@pytest.fixture
def amelie(world: World) -> Account:
    """An Active user who has no role, and comes from an import."""
    User.objects.update(phoneNumbers=[{"type": "work_fax", "number": "+49 89 1"}])
    return activation.give_password(ADMIN, HAND, world.user.pk, PASSWORD, must_change=False)


@pytest.fixture
def me(client: Client, amelie: Account) -> Client:
    """Her browser, signed in."""
    client.force_login(amelie)
    return client


def user_of(account: Account) -> User:
    return User.objects.get(pk=account.user_id)


@pytest.mark.django_db
def test_nothing_is_ones_own_until_the_organization_says_so(me: Client, amelie: Account) -> None:
    assert "What you keep yourself" not in me.get(WHERE).content.decode()
    me.post(WHERE, {"phone_mobile": "+49 170 1", "description": "Boss"})
    assert user_of(amelie).phoneNumbers == [{"type": "work_fax", "number": "+49 89 1"}]
    assert user_of(amelie).description == ""


@pytest.mark.django_db
def test_ones_numbers_are_changed_and_the_others_stay(me: Client, amelie: Account) -> None:
    own_profile.let_edit(ADMIN, ["phoneNumbers", "addresses"])
    form = {"phone_mobile": " +49 170 1 ", "address_home_locality": "München"}
    assert me.post(WHERE, form).status_code == 302
    user = user_of(amelie)
    assert user.phoneNumbers == [
        {"type": "work_fax", "number": "+49 89 1"},
        {"type": "mobile", "number": "+49 170 1"},
    ]
    assert user.addresses == [{"type": "home", "locality": "München"}]
    event = Event.objects.filter(action="user.update").latest("pk")
    assert (event.actor_name, event.actor_type) == (amelie.email, "user")
    assert user.provenance["phoneNumbers"][0] == "hand"
    me.post(WHERE, {"phone_mobile": ""})
    assert user_of(amelie).phoneNumbers == [{"type": "work_fax", "number": "+49 89 1"}]


@pytest.mark.django_db
def test_what_an_import_fills_is_read_only_and_says_so(me: Client, amelie: Account) -> None:
    own_profile.let_edit(ADMIN, ["location", "phoneNumbers"])
    page = me.get(WHERE).content.decode()
    assert "HR keeps this" in page
    me.post(WHERE, {"location": "Elsewhere", "phone_work": "1"})
    assert user_of(amelie).location == ""
    assert {"type": "work", "number": "1"} in user_of(amelie).phoneNumbers


@pytest.mark.django_db
def test_an_administrators_change_meanwhile_is_shown_and_not_lost(
    me: Client, amelie: Account
) -> None:
    own_profile.let_edit(ADMIN, ["description", "displayname"])
    seen = me.get(WHERE).context["form"].opened_with_text
    User.objects.filter(pk=amelie.user_id).update(displayname="Amy", description="Engineer")
    me.post(WHERE, {"seen": seen, "displayname": "", "description": ""})
    assert (user_of(amelie).displayname, user_of(amelie).description) == ("Amy", "Engineer")
    form = {"seen": seen, "displayname": "A. Brandt", "description": ""}
    page = me.post(WHERE, form).content.decode()
    assert "somebody else has written “Amy” meanwhile" in page
    assert 'value="A. Brandt"' in page


@pytest.mark.django_db
def test_a_value_that_cannot_be_is_refused_and_stays_typed(me: Client, amelie: Account) -> None:
    own_profile.let_edit(ADMIN, ["displayname"])
    page = me.post(WHERE, {"displayname": "A\u200bB"}).content.decode()
    assert "is-invalid" in page
    assert "A\u200bB" in page


@pytest.mark.django_db
def test_the_organization_says_what_people_may_change(admin: Client, world: World) -> None:
    page = "/settings/user-portal/"
    assert admin.post(page, {"editable": ["phoneNumbers", "addresses"]}).status_code == 302
    assert own_profile.editable() == {"phoneNumbers", "addresses"}
    event = Event.objects.get(action="settings.user_portal.save")
    assert event.after == {"editable": ["addresses", "phoneNumbers"]}
    assert admin.post(page, {"editable": ["email"]}).status_code == 200
    admin.post(page, {})
    assert own_profile.editable() == frozenset()


records = some.lists(
    some.fixed_dictionaries(
        {"type": some.sampled_from(["home", "work_fax"]), "number": some.text()}
    )
)


@settings(max_examples=30)
@given(records, some.dictionaries(some.sampled_from(["work", "home"]), some.text("12", max_size=3)))
def test_only_what_was_changed_changes(kept: list[dict[str, Any]], typed: dict[str, str]) -> None:
    class Somebody:
        phoneNumbers = [record for record in kept if record["number"]]

    edited = {f"phone_{kind}": number for kind, number in typed.items()}
    values = own_profile.merged(Somebody, edited)
    if not edited:
        assert values == {}
        return
    after = values["phoneNumbers"]
    faxes = [record for record in Somebody.phoneNumbers if record["type"] == "work_fax"]
    assert [record for record in after if record["type"] == "work_fax"] == faxes
    shown = {record["type"]: record["number"] for record in reversed(after)}
    for kind, number in typed.items():
        assert shown.get(kind, "") == number or any(
            record["type"] == kind for record in Somebody.phoneNumbers
        )
