"""User groups, applications and the organization through the one writer."""

from __future__ import annotations

import pytest

from rollcall.audit.models import Event
from rollcall.directory import services
from rollcall.directory.models import Application, DirectoryChange, Organization, UserGroup
from rollcall.directory.services import (
    ApplicationChange,
    Difference,
    GroupChange,
    NewApplication,
    NewGroup,
    Refused,
)
from tests.actors import TESTER
from tests.targets.builtin.people import person

pytestmark = pytest.mark.django_db


def group(name: str = "Sales", description: str = "") -> UserGroup:
    [made] = services.create_groups(TESTER, [NewGroup(name, description)])
    assert isinstance(made, UserGroup)
    return made


def application(label: str = "Wiki", **values: object) -> Application:
    known = {"name": "bookmark", "displayLabel": label, **values}
    [made] = services.create_applications(TESTER, [NewApplication(known)])
    assert isinstance(made, Application)
    return made


def codes(result: object) -> set[tuple[str, str]]:
    assert isinstance(result, Refused)
    return {(refusal.field, refusal.code) for refusal in result.refusals}


def kinds() -> list[str]:
    return list(DirectoryChange.objects.order_by("id").values_list("kind", flat=True))


def test_a_groups_name_is_unique_whatever_its_case() -> None:
    group("Straße")
    first, second, third = services.create_groups(
        TESTER, [NewGroup(" STRASSE "), NewGroup("Kiel"), NewGroup("kiel")]
    )
    assert codes(first) == {("name", "taken")}
    assert isinstance(second, UserGroup)
    assert codes(third) == {("name", "taken")}
    assert codes(services.create_groups(TESTER, [NewGroup(" ")])[0]) == {("name", "required")}


def test_a_group_is_renamed_and_may_change_its_own_case() -> None:
    sales, kiel = group("Sales"), group("Kiel")
    [renamed, refused] = services.update_groups(
        TESTER, [GroupChange(sales.id, {"name": "SALES"}), GroupChange(kiel.id, {"name": "sales"})]
    )
    assert isinstance(renamed, UserGroup)
    assert codes(refused) == {("name", "taken")}
    assert set(UserGroup.objects.values_list("name", "name_key")) == {
        ("SALES", "sales"),
        ("Kiel", "kiel"),
    }
    assert kinds() == ["created", "created", "updated"]


def test_a_deleted_group_leaves_its_members_there() -> None:
    sales, user = group(), person(1)
    services.set_members(TESTER, sales, add=[user.id])
    [gone] = services.delete_groups(TESTER, [sales.id])
    assert isinstance(gone, UserGroup)
    assert services.delete_groups(TESTER, [sales.id]) == [services.GONE]
    user.refresh_from_db()
    assert services.set_members(TESTER, sales, add=[user.id]) == Difference()


def test_members_come_and_go_by_the_differences() -> None:
    sales, users = group(), [person(n) for n in range(4)]
    ids = [user.id for user in users]
    assert set(services.set_members(TESTER, sales, add=[*ids[:3], "0" * 24]).added) == set(ids[:3])
    change = services.replace_members(TESTER, sales, ids[2:])
    assert (set(change.added), set(change.removed)) == ({ids[3]}, set(ids[:2]))
    assert not services.replace_members(TESTER, sales, ids[2:])
    assert set(sales.members.values_list("id", flat=True)) == set(ids[2:])
    edges = DirectoryChange.objects.filter(kind="member_removed")
    assert set(edges.values_list("object_id", "other_id")) == {(sales.id, id_) for id_ in ids[:2]}
    of_users = Event.objects.filter(action="user.group.add").values_list("target_id", flat=True)
    assert set(of_users) == set(ids)
    assert Event.objects.filter(action="group.member.add", target_id=sales.id).count() == 2


def test_an_application_is_bound_once_and_taken_away() -> None:
    sales, kiel, wiki = group("Sales"), group("Kiel"), application()
    assert set(services.bind(TESTER, wiki, [sales, kiel]).added) == {sales.id, kiel.id}
    assert not services.bind(TESTER, wiki, [sales])
    assert services.unbind(TESTER, wiki, [sales, kiel]).removed
    assert not services.unbind(TESTER, wiki, [sales])
    assert kinds()[3:] == ["bound", "bound", "unbound", "unbound"]
    assert Event.objects.filter(action__in=["application.bind", "application.unbind"]).count() == 2


def test_an_application_is_changed_activated_and_deleted() -> None:
    wiki = application(ssoUrl="https://wiki.example.org", config={"clientSecret": "abc"})
    changes = {"active": True, "displayLabel": " The Wiki ", "logo": "data:image/png;base64,AAAA"}
    [changed] = services.update_applications(TESTER, [ApplicationChange(wiki.id, changes)])
    assert isinstance(changed, Application)
    wiki.refresh_from_db()
    assert (wiki.active, wiki.displayLabel) == (True, "The Wiki")
    nameless = ApplicationChange(wiki.id, {"displayLabel": ""})
    [wrong] = services.update_applications(TESTER, [nameless])
    assert codes(wrong) == {("displayLabel", "required")}
    [gone] = services.delete_applications(TESTER, [wiki.id])
    assert isinstance(gone, Application)
    assert not Application.objects.exists()
    assert "AAAA" not in str(list(Event.objects.values_list("changes", flat=True)))
    assert "abc" not in str(list(Event.objects.values_list("changes", flat=True)))


def test_the_organization_is_changed_and_nobody_starts_suspended() -> None:
    before = Organization.the()
    changed = services.update_organization(TESTER, {"csvImport": "ACTIVATED"})
    assert not isinstance(changed, Refused)
    assert Organization.the().csvImport == "ACTIVATED"
    wrong = services.update_organization(TESTER, {"csvImport": "SUSPENDED", "displayName": " "})
    assert codes(wrong) == {("csvImport", "unknown_state"), ("displayName", "required")}
    assert kinds() == ["updated"]
    assert DirectoryChange.objects.get().object_id == before.id
