"""The members of a group as lists show them, quick in small groups and in large ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, cast

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from rollcall.directory.models import Membership, User, UserGroup, UserQuerySet
from rollcall.web.admin.users import people
from rollcall.web.shell.lists.listing import Bulk, Column, Filter, Listing

LARGE: Final = 1000
"""From this many members on, walking the users by name finds a page sooner than sorting members."""

MEMBERS: Listing[User] = Listing(
    name="members",
    columns=people.COLUMNS,
    order=("lastname", "firstname"),
    search=people.search,
    search_label=people.SEARCH_LABEL,
    filters=tuple(one for one in people.FILTERS if one.key in ("state", "department", "run")),
    bulk=(Bulk("remove", _("Remove from the group")),),
    fetch=people.fetch,
    empty="portal/groups/no_members.html",
)


def count(group: UserGroup) -> int:
    """How many members the group has."""
    return Membership.objects.filter(group=group).count()


def members(group: UserGroup) -> UserQuerySet:
    """The group's members."""
    found = Membership.objects.filter(group=group)
    if count(group) < LARGE:
        return User.objects.filter(pk__in=found.values("user"))
    return User.objects.filter(Exists(found.filter(user=OuterRef("pk"))))


def candidates(group: UserGroup) -> Listing[User]:
    """The list of all users that members are added from; it shows who is a member already."""
    membership = Membership.objects.filter(group=group, user=OuterRef("pk"))

    def fetch(rows: QuerySet[User]) -> QuerySet[User]:
        found = people.fetch(rows).annotate(is_member=Exists(membership))
        return cast(QuerySet[User], found)

    member: Column[User] = Column(
        "member",
        _("Member"),
        lambda one: _("yes") if vars(one)["is_member"] else "",
    )
    outside: Filter[User] = Filter(
        "member",
        _("Member"),
        lambda: (("no", _("not yet")), ("yes", _("already"))),
        lambda rows, value: rows.filter(
            Exists(membership) if value == "yes" else ~Exists(membership)
        ),
    )
    return replace(
        MEMBERS,
        name="users",
        columns=(people.COLUMNS[0], member, *people.COLUMNS[1:]),
        filters=(outside, *people.FILTERS),
        bulk=(Bulk("add", _("Add to the group")),),
        fetch=fetch,
        empty="portal/users/empty.html",
    )
