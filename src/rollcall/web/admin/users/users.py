"""Users: the list with its filters and bulk actions."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.accounts import permissions
from rollcall.accounts.models import Role
from rollcall.accounts.permissions import page
from rollcall.directory.models import User, UserGroup, UserQuerySet
from rollcall.web.admin.users import people, unbound, user_actions
from rollcall.web.shell.lists.listing import Bulk, Listing, options

LISTING: Listing[User] = Listing(
    name="users",
    columns=people.COLUMNS,
    order=("lastname", "firstname"),
    search=people.search,
    search_label=people.SEARCH_LABEL,
    filters=people.FILTERS,
    bulk=(Bulk("activate", _("Activate")), Bulk("suspend", _("Suspend"))),
    fetch=people.fetch,
    empty="portal/users/empty.html",
    bulk_more="portal/users/bulk_group.html",
)


@page("users/", name="users", writes=Role.MANAGER)
def users(request: HttpRequest) -> HttpResponseBase:
    """Every user; POST acts on the chosen ones."""
    if request.method == "POST":
        return _act(request)
    can_bulk = permissions.may(request, "users", "POST")
    context = {
        "unbound": unbound.count(),
        "unbound_value": people.UNBOUND,
        "group_options": options(people.group_choices()) if can_bulk else "",
    }
    return LISTING.answer(
        request,
        User.objects.all(),
        template="portal/users/list.html",
        context=context,
        can_bulk=can_bulk,
    )


def _act(request: HttpRequest) -> HttpResponseBase:
    chosen = cast(UserQuerySet, LISTING.chosen(request, User.objects.all()))
    back = f"{request.path}?{request.POST.get('query', '')}"
    action = request.POST.get("action", "")
    if action in user_actions.STATE_WORDS:
        return user_actions.change_state(request, action, chosen, back)
    if action == user_actions.ADD_TO_GROUP:
        group = UserGroup.objects.filter(pk=request.POST.get("to_group", "")).first()
        if group is not None:
            return user_actions.join_group(request, group, chosen, back)
        messages.warning(request, gettext("Choose the group to add them to."))
    return redirect(back)
