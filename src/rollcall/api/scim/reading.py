"""Users and groups of the directory as SCIM resources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scim2_models import GroupMembership, Meta, Reference

from rollcall.api.models import ScimGroupRecord, ScimRecord
from rollcall.api.scim.resources import (
    Address,
    Email,
    EnterpriseUser,
    Group,
    Manager,
    Member,
    Name,
    PhoneNumber,
    ScimUser,
)
from rollcall.api.versions import version
from rollcall.core.user_texts import TEXTS
from rollcall.directory.models import Membership, User, UserGroup

STAND_IN = ("0", "-")
"""A group or a user in the place of all those that an answer names."""

Groups = Mapping[str, Sequence[tuple[str, str]]]
PARTS = (
    ("street_address", "streetAddress"),
    ("locality", "locality"),
    ("region", "region"),
    ("postal_code", "postalCode"),
    ("country", "country"),
    ("type", "type"),
)
"""The parts of an address, as SCIM and as the directory call them."""


def users(selected: Iterable[User], base: str) -> list[Any]:
    """These users as resources; `base` is the address of the SCIM service, without a slash."""
    rows = list(selected)
    groups = _groups_of([user.id for user in rows])
    records = ScimRecord.objects.in_bulk([user.id for user in rows])
    return [_user(user, records.get(user.id), groups.get(user.id, ()), base) for user in rows]


def user_outlines(selected: Iterable[User], base: str) -> list[Any]:
    """The same, with one group that stands in for all of theirs (`edges.filled`)."""
    rows = list(selected)
    records = ScimRecord.objects.in_bulk([user.id for user in rows])
    return [_user(user, records.get(user.id), [STAND_IN], base) for user in rows]


def group_outlines(selected: Iterable[UserGroup], base: str) -> list[Group]:
    """These groups as resources, with one member that stands in for all (`edges.filled`)."""
    rows = list(selected)
    records = ScimGroupRecord.objects.in_bulk([group.id for group in rows])
    member = [_member(STAND_IN[0], base)]
    return [_group(group, records.get(group.id), member, base) for group in rows]


def groups(selected: Iterable[UserGroup], base: str) -> list[Group]:
    """These groups as resources, with all members: those of large ones cost time."""
    rows = list(selected)
    ids = [group.id for group in rows]
    members: defaultdict[str, list[Member]] = defaultdict(list)
    edges = Membership.objects.filter(group__in=ids).order_by("id")
    for group_id, user_id in edges.values_list("group", "user"):
        members[group_id].append(_member(user_id, base))
    records = ScimGroupRecord.objects.in_bulk(ids)
    return [_group(group, records.get(group.id), members[group.id], base) for group in rows]


def group_of(group: UserGroup, members: Iterable[str], base: str) -> Group:
    """The group as a resource, with these of its members."""
    record = ScimGroupRecord.objects.filter(pk=group.pk).first()
    return _group(group, record, [_member(user_id, base) for user_id in sorted(members)], base)


def user_name(user: User, record: ScimRecord | None) -> str:
    """The userName that SCIM clients know this user by."""
    return (record.user_name if record else "") or user.username


def user_version(user: User, record: ScimRecord | None) -> str:
    """The entity tag of this user."""
    own = (record.user_name, record.external_id) if record else ("", "")
    return version(user.updated, *own)


def group_version(group: UserGroup, record: ScimGroupRecord | None) -> str:
    """The entity tag of this group; it moves with the members."""
    return version(group.updated, record.external_id if record else "")


def _groups_of(ids: Sequence[str]) -> Groups:
    groups_by_user: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    edges = Membership.objects.filter(user__in=ids).order_by("id")
    for user_id, group_id, name in edges.values_list("user", "group", "group__name"):
        groups_by_user[user_id].append((group_id, name))
    return groups_by_user


def _user(
    user: User, record: ScimRecord | None, groups: Sequence[tuple[str, str]], base: str
) -> Any:
    texts = _texts(user)
    resource = ScimUser(
        id=user.id,
        external_id=(record.external_id if record else "") or None,
        user_name=user_name(user, record),
        name=Name(**texts["name"]) if "name" in texts else None,
        **texts[""],
        active=user.state == "ACTIVATED",
        emails=_emails(user, record),
        phone_numbers=[_phone(number) for number in user.phoneNumbers] or None,
        addresses=[_address(address) for address in user.addresses] or None,
        groups=[_membership(*group, base) for group in groups] or None,
        meta=Meta(
            resource_type="User",
            created=user.created,
            last_modified=user.updated,
            version=user_version(user, record),
            location=f"{base}/Users/{user.id}",
        ),
    )
    resource[EnterpriseUser] = _enterprise(user, texts["enterprise"], base)
    return resource


def _texts(user: User) -> Mapping[str, dict[str, Any]]:
    """The user's texts by the part of the resource that has them ("": itself), empty ones not."""
    texts: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for name, text in TEXTS.items():
        if text.scim and (value := getattr(user, name)):
            part, _, attribute = text.scim.rpartition(".")
            texts[part][attribute] = value
    return texts


def _emails(user: User, record: ScimRecord | None) -> list[Email]:
    """The addresses with the types that the client gave them, where they are still the same."""
    kept = (record.more.get("emails") if record else None) or []
    types = {address.get("value", "").lower(): address for address in kept}
    shown = [Email(value=user.email, type="work", primary=True)]
    if user.alternateEmail:
        shown.append(Email(value=user.alternateEmail, type="other"))
    for email in shown:
        if told := types.get((email.value or "").lower()):
            email.value, email.type = told.get("value"), told.get("type")
            email.primary = told.get("primary")
    return shown


def _phone(stored: Mapping[str, str]) -> PhoneNumber:
    return PhoneNumber(value=stored.get("number"), type=stored.get("type"))


def _address(stored: Mapping[str, str]) -> Address:
    return Address(**{name: stored.get(key) for name, key in PARTS})


def _membership(group_id: str, name: str, base: str) -> GroupMembership:
    return GroupMembership(
        value=group_id, ref=Reference(f"{base}/Groups/{group_id}"), display=name, type="direct"
    )


def _enterprise(user: User, texts: dict[str, Any], base: str) -> EnterpriseUser | None:
    manager = user.manager_id
    extension = EnterpriseUser(
        employee_number=user.employeeIdentifier,
        **texts,
        manager=Manager(value=manager, ref=Reference(f"{base}/Users/{manager}"))
        if manager
        else None,
    )
    return extension if extension.model_dump(exclude_none=True) else None


def _member(user_id: str, base: str) -> Member:
    return Member(value=user_id, ref=Reference(f"{base}/Users/{user_id}"))


def _group(
    group: UserGroup, record: ScimGroupRecord | None, members: list[Member], base: str
) -> Group:
    return Group(
        id=group.id,
        external_id=(record.external_id if record else "") or None,
        display_name=group.name,
        members=members or None,
        meta=Meta(
            resource_type="Group",
            created=group.created,
            last_modified=group.updated,
            version=group_version(group, record),
            location=f"{base}/Groups/{group.id}",
        ),
    )
