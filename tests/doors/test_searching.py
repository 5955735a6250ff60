"""A search finds people and groups however their names are written, at every door that searches."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from rollcall.accounts import api_keys, services
from rollcall.accounts.models import Role
from rollcall.cli.reading import find_users
from rollcall.directory.models import User, UserGroup
from rollcall.directory.services import (
    HAND,
    Identity,
    NewGroup,
    NewUser,
    UserChange,
    create_groups,
    create_users,
    update_users,
)
from tests.actors import TESTER

pytestmark = pytest.mark.django_db

BACKEND = "rollcall.accounts.backend.AccountBackend"
PEOPLE = {
    "o.yilmaz": ("Özgür", "Yılmaz"),
    "celik": ("Derya", "Çelik"),
    "ivan": ("Иван", "Петров"),
    "o.demir": ("Özlem", "Demir"),
    "weiss": ("Jörg", "Weiß"),
    "noor": ("Noor", "Haddad"),
}
SOUGHT = [
    ("özgür", ["o.yilmaz"]),
    ("ÖZGÜR YILMAZ", ["o.yilmaz"]),
    ("ÇELİK", ["celik"]),
    ("celik", ["celik"]),
    ("иван", ["ivan"]),
    ("ПЕТРОВ", ["ivan"]),
    ("ozlem", ["o.demir"]),
    ("O\u0308ZLEM", ["o.demir"]),
    ("weiss", ["weiss"]),
    ("100234", ["noor"]),
    ("nobody", []),
]


@pytest.fixture
def people() -> None:
    create_users(
        TESTER,
        HAND,
        [
            NewUser(
                {
                    "username": username,
                    "email": f"{username}@example.org",
                    "firstname": firstname,
                    "lastname": lastname,
                },
                identity=Identity("personio", "100234") if username == "noor" else None,
            )
            for username, (firstname, lastname) in PEOPLE.items()
        ],
    )


@pytest.fixture
def admin(client: Client) -> Client:
    somebody = services.create(TESTER, "ada.admin@example.com", [Role.ADMINISTRATOR])
    client.force_login(somebody, backend=BACKEND)
    return client


@pytest.fixture
def key() -> str:
    return api_keys.create(TESTER, "tests")[1]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("typed", "usernames"), SOUGHT)
def test_the_portals_lists_find_people(admin: Client, typed: str, usernames: list[str]) -> None:
    (group,) = create_groups(TESTER, [NewGroup("Everybody")])
    assert isinstance(group, UserGroup)
    for address in ("/users/", f"/groups/{group.pk}/add/"):
        page = admin.get(address, {"q": typed}).content.decode()
        assert [name for name in PEOPLE if f"{name}@example.org" in page] == usernames, address


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("typed", "usernames"), SOUGHT)
def test_the_api_finds_people(key: str, typed: str, usernames: list[str]) -> None:
    # a term is one text to the API and no list of words, so that it stands in one field
    term = typed.split()[0]
    assert found_by_api(key, {"searchFilter": {"searchTerm": term}}) == usernames
    assert found_by_api(key, {"searchFilter": {"searchTerm": [term]}}) == usernames


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("field", "term", "usernames"),
    [
        ("firstname", "OZLEM", ["o.demir"]),
        ("lastname", "OZLEM", []),
        ("lastname", "çelık", ["celik"]),
        ("firstname", "çelik", []),
        ("lastname", "петр", ["ivan"]),
        ("email", "o.", ["o.demir", "o.yilmaz"]),
        ("username", "x*", []),
    ],
)
def test_the_api_searches_in_one_field(
    key: str, field: str, term: str, usernames: list[str]
) -> None:
    asked = {"searchFilter": {"searchTerm": term, "fields": [field]}}
    assert found_by_api(key, asked) == usernames


@pytest.mark.usefixtures("people")
def test_scim_compares_names_in_whatever_case(key: str) -> None:
    for filter_ in (
        'name.givenName eq "ÖZGÜR"',
        'name.givenName co "zgü"',
        'name.familyName sw "ЙЫ" or name.givenName eq "özgür"',
    ):
        answer = Client().get(
            "/scim/v2/Users", {"filter": filter_}, headers={"authorization": f"Bearer {key}"}
        )
        names = [user["userName"] for user in answer.json()["Resources"]]
        assert names == ["o.yilmaz"], filter_


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("typed", "usernames"), SOUGHT)
def test_the_terminal_finds_people(typed: str, usernames: list[str]) -> None:
    assert sorted(user.username for user in find_users(typed, "")) == sorted(usernames)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("typed", ["EMP-A7", "emp-a7", "derya EMP-A7", "EMP-A7\x00"])
def test_an_id_with_capitals_is_found(admin: Client, typed: str) -> None:
    user = User.objects.get(username="celik")
    user.identities.create(source="csv:people", external_id="EMP-A7")
    assert [*User.objects.search(typed)] == [user]
    assert user.email in admin.get("/users/", {"q": typed.rstrip("\x00")}).content.decode()


@pytest.mark.usefixtures("people")
def test_a_changed_name_is_found_and_the_old_one_is_not() -> None:
    user = User.objects.get(username="celik")
    update_users(TESTER, HAND, [UserChange(user.pk, {"lastname": "Şahin"})])
    assert [*User.objects.search("sahin")] == [user]
    assert [*User.objects.search("çelik")] == [user]  # by the username that it keeps
    update_users(TESTER, HAND, [UserChange(user.pk, {"username": "s", "email": "s@example.org"})])
    assert [*User.objects.search("çelik")] == []


def test_groups_are_found_however_they_are_written(admin: Client, key: str) -> None:
    create_groups(TESTER, [NewGroup("Büro Łódź"), NewGroup("Sales", "Vertrieb Ö")])
    for typed, name in (("BÜRO lodz", "Büro Łódź"), ("vertrieb ö", "Sales")):
        page = admin.get("/groups/", {"q": typed}).content.decode()
        assert [n for n in ("Büro Łódź", "Sales") if f">{n}</a>" in page] == [name]
    answer = Client().get(
        "/api/v2/usergroups", {"filter": "name:search:buro"}, headers={"x-api-key": key}
    )
    assert [group["name"] for group in answer.json()] == ["Büro Łódź"]


def found_by_api(key: str, body: dict[str, Any]) -> list[str]:
    """The usernames that JumpCloud v1's POST search/systemusers answers with, in their order."""
    answer = Client().post(
        "/api/search/systemusers",
        json.dumps({**body, "sort": "username"}),
        content_type="application/json",
        headers={"x-api-key": key},
    )
    return [user["username"] for user in answer.json()["results"]]
