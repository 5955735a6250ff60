"""The rules of users hold in the model and in the database, whoever writes."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from rollcall.directory.models import Organization, User, UserGroup, new_id
from tests.targets.builtin.people import employee, identify, person

pytestmark = pytest.mark.django_db


def refuses(**values: object) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        person(2, **values)


def test_usernames_are_unique_whatever_their_case() -> None:
    person(1, username="Mara")
    refuses(username="mARA")


def test_emails_are_unique_and_stored_in_lower_case() -> None:
    user = person(1, email="Mara@Example.org")
    assert user.email == "mara@example.org"
    assert User.objects.get(email="MARA@example.org") == user
    refuses(email="mara@EXAMPLE.org")


def test_an_employee_identifier_has_one_user_and_many_have_none() -> None:
    person(1, employeeIdentifier="1007")
    person(3)
    person(4)
    refuses(employeeIdentifier="1007")


def test_an_external_identity_is_whole_and_has_one_user() -> None:
    employee(1)
    other = person(3)
    for source, external_id in (("personio", "1"), ("", "2"), ("personio", "")):
        with pytest.raises(DatabaseError), transaction.atomic():
            identify(other, external_id, source)
    identify(other, "1", source="another account")
    with pytest.raises(DatabaseError), transaction.atomic():
        identify(other, "7", source="another account")


@pytest.mark.parametrize(
    ("field", "length"),
    [("username", 31), ("email", 1025), ("lastname", 1025), ("employeeIdentifier", 257)],
)
def test_the_database_keeps_the_limits(field: str, length: int) -> None:
    refuses(**{field: "x" * length})


def test_the_database_keeps_the_limits_against_plain_sql_too() -> None:
    user = person(1)
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE directory_user SET department = %s WHERE id = %s", ["x" * 1025, user.id]
        )


def test_the_database_knows_the_states() -> None:
    refuses(state="ASLEEP")
    organization = Organization.the()
    organization.csvImport = "SUSPENDED"
    with pytest.raises(DatabaseError), transaction.atomic():
        organization.save()


def test_nobody_is_their_own_manager() -> None:
    user = person(1)
    user.manager = user
    with pytest.raises(DatabaseError), transaction.atomic():
        user.save()


@pytest.mark.parametrize("username", ["", "9lives", "ma ra", "ma@ra", "mara\n", "x" * 31, "mära"])
def test_the_model_refuses_a_username_against_the_rule(username: str) -> None:
    with pytest.raises(ValidationError) as caught:
        User(username=username, email="mara@example.org").full_clean()
    assert "username" in caught.value.message_dict


def test_the_model_takes_an_ordinary_user() -> None:
    User(username="mara.voss_1-x", email="mara@example.org").full_clean()


def test_a_group_name_is_taken_once_whatever_its_case() -> None:
    UserGroup.objects.create(name="Straße")
    for name in ("Straße", "STRASSE", "straße"):
        with pytest.raises(DatabaseError), transaction.atomic():
            UserGroup.objects.create(name=name)


def test_ids_have_the_directorys_form() -> None:
    assert len({new_id() for _ in range(100)}) == 100
    assert all(len(one) == 24 and int(one, 16) for one in (new_id(), person(1).id))
