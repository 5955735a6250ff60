"""User Groups: the list, and a new group."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.accounts.models import Role
from rollcall.accounts.permissions import page
from rollcall.audit.actions import Action
from rollcall.directory.models import Membership, UserGroup
from rollcall.web.admin.groups.group_form import GroupForm
from rollcall.web.shell import auditing
from rollcall.web.shell.lists.listing import Column, Filter, Listing, Text
from rollcall.web.shell.text.numbers import grouped
from rollcall.web.shell.text.sentences import joined


def _fetch(rows: QuerySet[UserGroup]) -> QuerySet[UserGroup]:
    members = Membership.objects.filter(group=OuterRef("pk")).order_by().values("group")
    counted = Subquery(members.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    found = rows.annotate(member_count=Coalesce(counted, 0)).prefetch_related("applications")
    return cast(QuerySet[UserGroup], found)


def _search(rows: QuerySet[UserGroup], typed: str) -> QuerySet[UserGroup]:
    for word in typed.split():
        rows = rows.filter(name__icontains=word) | rows.filter(description__icontains=word)
    return rows


def _applications(group: UserGroup) -> str:
    return joined(sorted(one.displayLabel for one in group.applications.all()))


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
        Column("name", _("Name"), lambda one: one.name, ("name",), "portal/groups/cell_name.html"),
        Column("members", _("Members"), _member_count),
        Column("applications", _("Applications"), _applications),
        Column("description", _("Description"), lambda one: one.description),
        Column(
            "created",
            _("Created"),
            lambda one: localtime(one.created),
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
            lambda rows, value: rows.filter(association__isnull=value != "yes").distinct(),
        ),
    ),
    fetch=_fetch,
    empty="portal/groups/empty.html",
)


@page("groups/", name="groups")
def groups(request: HttpRequest) -> HttpResponseBase:
    """Every user group."""
    return LISTING.answer(request, UserGroup.objects.all(), template="portal/groups/list.html")


@page("groups/new/", name="group-new", reads=Role.MANAGER, writes=Role.MANAGER)
def new_group(request: HttpRequest) -> HttpResponseBase:
    """A new group, still without members."""
    form = GroupForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = _create(request, form.cleaned_data)
        messages.success(request, gettext("{name} was created.").format(name=made.name))
        return redirect("group", group_id=made.pk)
    return render(request, "portal/groups/new.html", {"form": form})


@transaction.atomic
def _create(request: HttpRequest, data: dict[str, Any]) -> UserGroup:
    made = UserGroup.objects.create(name=data["name"], description=data["description"])
    auditing.record(
        request,
        Action.GROUP_CREATE,
        target_type="user_group",
        target_id=made.pk,
        target=made.name,
        after={"name": made.name, "description": made.description},
    )
    return made
