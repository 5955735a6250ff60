"""The same user, group or manager gets the same verdict and the same stored value at every door."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rollcall.accounts import api_keys, services
from rollcall.accounts.models import Role
from rollcall.directory.models import User, UserGroup
from rollcall.directory.rules import check_user
from rollcall.directory.services import HAND, UserChange, update_users
from tests.actors import TESTER
from tests.doors.doors import Doors

pytestmark = pytest.mark.django_db

BACKEND = "rollcall.accounts.backend.AccountBackend"
thorough = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Cn", "Zl", "Zp", "Co"])
NAMES = st.one_of(
    st.sampled_from(["Özgür", "O\u0308zlem", "  Ada  ", "", "王芳", "ÇELİK", "a\u200bb"]),
    st.text(LETTERS, max_size=12),
)
EMAILS = st.one_of(
    st.sampled_from(
        [
            "ada@example.org",
            " ADA@Example.ORG ",
            "müller@example.org",
            "ada@müller.example",
            "o\u0308zlem@example.org",
            "a..b@example.org",
            ".a@example.org",
            "a@-example.org",
            "ada@localhost",
            "ada",
            "",
            "mara.voss@example.org",
            "MARA.VOSS@EXAMPLE.ORG",
            "ada@example.org\u200b",
        ]
    ),
    st.emails(),
)
USERNAMES = st.one_of(
    st.sampled_from(["ada", "Mara.Voss", "1ada", "a" * 1025, "ada lovelace", "adä", "a_b-c.d", ""]),
    st.from_regex(r"[A-Za-z][A-Za-z0-9._-]{0,19}", fullmatch=True),
)
GROUPS = st.one_of(
    st.sampled_from(["Sales", "sales", "SALES ", "Vertrieb", "", " ", "x" * 256, "Straße"]),
    st.text(LETTERS, max_size=20),
)


@pytest.fixture
def doors(client: Client) -> Doors:
    """An administrator at the portal, a key at the API, and somebody who is there already."""
    somebody = services.create(TESTER, "ada.admin@example.com", [Role.ADMINISTRATOR])
    client.force_login(somebody, backend=BACKEND)
    User.objects.create(username="mara.voss", email="mara.voss@example.org")
    UserGroup.objects.create(name="Sales", name_key="sales")
    return Doors(client, api_keys.create(TESTER, "tests")[1])


@thorough
@given(
    st.fixed_dictionaries(
        {
            "username": USERNAMES,
            "email": EMAILS,
            "firstname": NAMES,
            "lastname": NAMES,
            "department": NAMES,
        }
    )
)
@example(
    {
        "username": "o.mueller",
        "email": "müller@example.org",
        "firstname": "O\u0308zlem",
        "lastname": " Müller ",
        "department": "",
    }
)
def test_a_user_is_taken_or_refused_alike_and_stored_alike(
    doors: Doors, values: dict[str, str]
) -> None:
    through = doors.of_users()
    if not is_free(values["username"]):
        # These two make a username of what they are given, and never take one that is not free.
        through = {door: through[door] for door in through if door not in ("scim", "import")}
    stored = {door: write(values) for door, write in through.items()}
    assert stored == dict.fromkeys(stored, stored["services"])


@thorough
@given(GROUPS)
def test_a_group_is_taken_or_refused_alike_and_stored_alike(doors: Doors, name: str) -> None:
    stored = {door: write(name) for door, write in doors.of_groups().items()}
    assert stored == dict.fromkeys(stored, stored["services"])


@thorough
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=6), st.data())
def test_a_manager_is_taken_or_refused_alike(
    doors: Doors, there: list[tuple[int, int]], data: Any
) -> None:
    people = [
        User.objects.get_or_create(username=f"p{n}", email=f"p{n}@example.org")[0] for n in range(5)
    ]
    User.objects.update(manager=None)
    for below, above in there:
        link_if_it_can_be(people[below], people[above])
    user, manager = (people[data.draw(st.integers(0, 4))] for _ in range(2))
    user.refresh_from_db()
    stored = {door: link(user, manager) for door, link in doors.of_managers().items()}
    assert stored == dict.fromkeys(stored, stored["services"])


def is_free(username: str) -> bool:
    """Whether a new user can have exactly this username."""
    return not any(
        refusal.field == "username"
        for refusal in check_user({"username": username, "email": "free@example.org"})
    )


def link_if_it_can_be(user: User, manager: User) -> None:
    """Link them unless the directory refuses it."""
    update_users(TESTER, HAND, [UserChange(user.pk, {"manager": manager.pk})])


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("\u212aurt@example.org", "kurt@example.org"),
        ("jo\u0308rg@example.org", "jörg@example.org"),
        ("kurt@MÜLLER.example", "kurt@müller.example"),
        ("kurt@xn--mller-kva.example", "kurt@müller.example"),
        ("ku\u200brt@example.org", None),
        ("a..b@example.org", None),
        (".a@example.org", None),
        ("a@-example.org", None),
    ],
)
def test_an_address_has_one_form_or_none_at_every_door(
    doors: Doors, written: str, stored: str | None
) -> None:
    values = {"username": "kurt", "firstname": "Kurt", "lastname": "Wolf", "department": "IT"}
    for name, by_door in doors.of_users().items():
        made = by_door({**values, "email": written})
        assert (made and made["email"]) == stored, name
