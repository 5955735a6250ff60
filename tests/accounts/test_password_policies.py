"""Which password settings hold for whom, and that every door asks them."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rollcall.accounts import activation, password_policies
from rollcall.accounts.models import Account, OldPassword, PasswordPolicy
from rollcall.audit.models import Event
from rollcall.directory.models import Membership, User, UserGroup
from rollcall.directory.services import HAND
from tests.actors import ADMIN
from tests.web.world import PASSWORD, World

pytestmark = pytest.mark.django_db
SHORT = "blue geese"


def user(name: str, *groups: UserGroup) -> User:
    person = User.objects.create(
        username=name, email=f"{name}@example.com", firstname="Ines", state="ACTIVATED"
    )
    Membership.objects.bulk_create(Membership(user=person, group=group) for group in groups)
    return person


def policy(name: str, *groups: UserGroup, **values: object) -> PasswordPolicy:
    return password_policies.save(ADMIN, PasswordPolicy(), {"name": name, **values}, groups)


def refused(account: Account, password: str) -> list[str]:
    try:
        validate_password(password, account)
    except ValidationError as error:
        return error.messages
    return []


def test_of_several_the_first_in_the_order_holds_and_the_default_for_everybody_else() -> None:
    staff, office = UserGroup.objects.create(name="Staff"), UserGroup.objects.create(name="Office")
    first = policy("Strict", staff, min_length=20)
    second = policy("Loose", office, staff, min_length=8)
    both, one, none = user("ines", staff, office), user("jan", office), user("mia")
    ids = [both.pk, one.pk, none.pk]
    assert [password_policies.of(key).min_length for key in ids] == [20, 8, 12]
    assert {key: p.min_length for key, p in password_policies.of_many(ids).items()} == dict(
        zip(ids, [20, 8, 12], strict=True)
    )
    password_policies.raise_(ADMIN, second)
    password_policies.raise_(ADMIN, second)  # the first stays the first
    assert [password_policies.of(key).min_length for key in ids] == [8, 8, 12]
    password_policies.delete(ADMIN, second)
    assert [password_policies.of(key).min_length for key in ids] == [20, 12, 12]
    assert password_policies.ordered() == [first]


def test_whose_settings_hold_is_asked_in_one_statement() -> None:
    person = user("ines", UserGroup.objects.create(name="Staff"))
    for key in (person.pk, None):
        with CaptureQueriesContext(connection) as queries:
            password_policies.of(key)
        assert len(queries) == 1


def test_every_change_is_an_event_with_what_it_was_and_is() -> None:
    kept = policy("Strict", min_length=20)
    password_policies.save(ADMIN, kept, {"min_length": 16}, ())
    password_policies.save(ADMIN, kept, {"min_length": 16}, ())  # no change
    password_policies.delete(ADMIN, kept)
    types = list(Event.objects.order_by("pk").values_list("event_type", flat=True))
    assert types == [f"password_policy_{verb}" for verb in ("create", "update", "delete")]


def test_what_is_wrong_is_said_in_sentences() -> None:
    password_policies.save(ADMIN, PasswordPolicy(), {"needs_digit": True}, ())
    assert refused(Account(email="x@example.com"), SHORT) == [
        "The password needs at least 12 characters.",
        "The password needs a digit.",
    ]
    assert refused(Account(email="x@example.com"), "password1234")[0].startswith("Too many people")


def test_a_history_of_none_takes_the_present_password_again_and_keeps_no_hashes() -> None:
    person = user("ines")
    for password in (PASSWORD, "seven grey geese at dawn"):
        activation.give_password(ADMIN, HAND, person.pk, password, must_change=False)
    account = Account.objects.get(user=person)
    assert refused(account, PASSWORD)
    password_policies.save(ADMIN, PasswordPolicy(), {"history": 0}, ())
    assert not refused(account, PASSWORD)
    activation.give_password(ADMIN, HAND, person.pk, PASSWORD, must_change=False)
    assert not OldPassword.objects.exists()


def test_the_settings_of_a_group_hold_at_its_members_doors(client: Client) -> None:
    staff = UserGroup.objects.create(name="Staff")
    policy("Loose", staff, min_length=8)
    member, other = user("ines", staff), user("jan")
    activation.give_password(ADMIN, HAND, member.pk, SHORT, must_change=False)
    with pytest.raises(ValidationError):
        activation.give_password(ADMIN, HAND, other.pk, SHORT, must_change=False)
    for person, status in ((member, 302), (other, 200)):
        Account.objects.filter(user=person).delete()
        [done] = activation.activate(ADMIN, HAND, [person.pk])
        assert done.account is not None
        links = activation.issue_links(ADMIN, [done.account], "")
        answer = client.post(links[done.account.pk], {"password": SHORT, "repeated": SHORT})
        assert answer.status_code == status


def test_the_forms_say_what_is_asked_of_their_owner(client: Client, world: World) -> None:
    password_policies.save(ADMIN, PasswordPolicy(), {"min_length": 14, "needs_symbol": True}, ())
    client.force_login(world.people["manager"])
    page = client.get("/account/password/change/").content.decode()
    assert "At least 14 characters." in page
    assert "With a symbol." in page
