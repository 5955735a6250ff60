"""How user groups are listed, the members of one, and whom members are added from."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from rollcall.core import searching
from rollcall.directory.models import BY_NAME, Membership, User, UserGroup
from rollcall.web.admin.users import tables as users
from rollcall.web.shell.lists.columns import Bulk, Column, Filter, Text
from rollcall.web.shell.lists.listing import Listing
from rollcall.web.shell.text.numbers import grouped
from rollcall.web.shell.text.sentences import joined


def _fetch(rows: QuerySet[UserGroup]) -> QuerySet[UserGroup]:
    members = Membership.objects.filter(group=OuterRef("pk")).order_by().values("group")
    # Counted apart: a join with memberships would multiply the rows of the applications.
    counted = Subquery(members.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    counted_rows = rows.annotate(member_count=Coalesce(counted, 0)).prefetch_related("applications")
    return cast(QuerySet[UserGroup], counted_rows)


def _search(rows: QuerySet[UserGroup], typed: str) -> QuerySet[UserGroup]:
    for word in searching.words(typed):
        rows = rows.filter(search_text__contains=word)
    return rows


def _applications(group: UserGroup) -> str:
    return joined(sorted(application.displayLabel for application in group.applications.all()))


def _member_count(group: UserGroup) -> str:
    return grouped(int(vars(group)["member_count"]))


BOUND: tuple[tuple[str, Text], ...] = (
    ("yes", _("to an application")),
    ("no", _("to none yet")),
)

LISTING: Listing[UserGroup] = Listing(
    name="user-groups",
    order=("name",),
    search=_search,
    search_label=_("Name or description"),
    columns=(
        Column("name", _("Name"), lambda group: group.name, ("name",), "groups/cell_name.html"),
        Column("members", _("Members"), _member_count),
        Column("applications", _("Applications"), _applications),
        Column("description", _("Description"), lambda group: group.description),
        Column(
            "created",
            _("Created"),
            lambda group: localtime(group.created),
            (),
            "portal/cells/moment.html",
            shown=False,
        ),
    ),
    filters=(
        Filter(
            "bound",
            _("Bound"),
            lambda: BOUND,
            # A group bound twice would come twice.
            lambda rows, value: rows.filter(association__isnull=value != "yes").distinct(),
        ),
    ),
    fetch=_fetch,
    empty="groups/empty.html",
)


MEMBERS: Listing[User] = Listing(
    name="members",
    columns=users.COLUMNS,
    order=BY_NAME,
    search=users.search,
    search_label=users.SEARCH_LABEL,
    filters=tuple(item for item in users.FILTERS if item.key in ("state", "department", "run")),
    bulk=(Bulk("remove", _("Remove from the group")),),
    fetch=users.fetch,
    empty="groups/no_members.html",
)


def candidates(group: UserGroup) -> Listing[User]:
    """The list of all users that members are added from; it shows who is a member already."""
    membership = Membership.objects.filter(group=group, user=OuterRef("pk"))

    def fetch(rows: QuerySet[User]) -> QuerySet[User]:
        marked = users.fetch(rows).annotate(is_member=Exists(membership))
        return cast(QuerySet[User], marked)

    member: Column[User] = Column(
        "member",
        _("Member"),
        lambda user: _("yes") if vars(user)["is_member"] else "",
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
        columns=(users.COLUMNS[0], member, *users.COLUMNS[1:]),
        filters=(outside, *users.FILTERS),
        bulk=(Bulk("add", _("Add to the group")),),
        fetch=fetch,
        empty="users/empty.html",
    )
