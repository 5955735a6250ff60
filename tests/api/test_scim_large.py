"""What names many people costs little: edges are counted, and read only where asked for."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rollcall.api.scim import edges
from rollcall.directory.models import Membership, User, UserGroup
from tests.api.test_scim import Scim

MOST = 7


@pytest.fixture
def scim(key: str) -> Scim:
    """A SCIM client with a key."""
    return Scim(key)


@pytest.fixture(autouse=True)
def sizes(db: None, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Groups of so many members, and room for few of them in an answer."""
    monkeypatch.setattr(edges, "MOST", MOST)
    sizes = [3, 3, 0, 9, 2, 4, 5]
    people = User.objects.bulk_create(
        User(username=f"u{number}", email=f"u{number}@example.org") for number in range(9)
    )
    for number, size in enumerate(sizes):
        group = UserGroup.objects.create(name=f"group {number}")
        Membership.objects.bulk_create(Membership(group=group, user=user) for user in people[:size])
    return sizes


def pages(scim: Scim, place: str, part: str) -> list[list[int]]:
    """How many edges each resource has, page by page, as a client reads on."""
    read: list[list[int]] = []
    start = 1
    while True:
        page = scim("GET", f"/{place}?sortBy={quote('displayName')}&startIndex={start}")
        if not page["Resources"]:
            return read
        assert page["itemsPerPage"] == len(page["Resources"])
        read.append([len(each.get(part, [])) for each in page["Resources"]])
        start += page["itemsPerPage"]


def test_a_page_of_groups_ends_before_it_names_too_many_and_the_next_one_goes_on(
    scim: Scim, sizes: list[int]
) -> None:
    read = pages(scim, "Groups", "members")
    assert read == [[3, 3, 0], [9], [2, 4], [5]]


def test_a_page_of_users_does_so_with_their_groups(scim: Scim) -> None:
    read = pages(scim, "Users", "groups")
    assert sorted(number for page in read for number in page) == [1, 1, 1, 1, 2, 3, 5, 6, 6]
    assert all(sum(page) <= MOST for page in read)


def test_everything_that_is_searched_for_is_read_once(scim: Scim) -> None:
    ids: list[str] = []
    while page := scim("POST", "/.search", {"startIndex": len(ids) + 1})["Resources"]:
        ids += [each["id"] for each in page]
    known = {*User.objects.values_list("pk", flat=True), *UserGroup.objects.values_list("pk")}
    assert len(ids) == len(set(ids)) == len(known) == 16


def test_one_group_is_always_whole(scim: Scim) -> None:
    group = UserGroup.objects.get(name="group 3")
    shown = scim("GET", f"/Groups/{group.pk}")
    assert {each["value"] for each in shown["members"]} == set(
        User.objects.values_list("pk", flat=True)
    )
    assert shown["members"][0].keys() == {"value", "$ref"}


@pytest.mark.parametrize(
    "wish", ["attributes=displayName", "excludedAttributes=members", "attributes=externalId"]
)
def test_members_that_nobody_asked_for_are_not_read(scim: Scim, wish: str) -> None:
    with CaptureQueriesContext(connection) as statements:
        page = scim("GET", f"/Groups?{wish}")
    assert len(page["Resources"]) == 7
    assert not any("directory_membership" in each["sql"] for each in statements)


def test_of_members_that_is_told_which_was_asked_for(scim: Scim) -> None:
    group = UserGroup.objects.get(name="group 0")
    shown = scim("GET", f"/Groups/{group.pk}?attributes=members.value")
    assert [each.keys() for each in shown["members"]] == [{"value"}] * 3
