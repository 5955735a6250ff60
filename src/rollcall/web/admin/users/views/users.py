"""Users: the list with its filters and bulk actions."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext

from rollcall.directory.models import User, UserGroup, UserQuerySet
from rollcall.imports.open_targets import accounts_are_elsewhere
from rollcall.web.admin.users import actions, activating, choices, unbound
from rollcall.web.admin.users.tables import LISTING, UNBOUND
from rollcall.web.shell import pages, reauthentication
from rollcall.web.shell.lists.controls import options


def list_users(request: HttpRequest) -> HttpResponseBase:
    """Every user; POST acts on the chosen ones."""
    if request.method == "POST":
        return _act(request)
    can_bulk = pages.may(request, "users", "POST")
    context = {
        "unbound": unbound.count(),
        "unbound_value": UNBOUND,
        "group_options": options(choices.group_choices()) if can_bulk else "",
    }
    # Where accounts are another directory's, no mail of ours lets anybody in.
    listing = replace(LISTING, bulk=LISTING.bulk[:-1]) if accounts_are_elsewhere() else LISTING
    return listing.answer(
        request,
        User.objects.all(),
        template="users/list.html",
        context=context,
        can_bulk=can_bulk,
    )


def _act(request: HttpRequest) -> HttpResponseBase:
    chosen = cast(UserQuerySet, LISTING.chosen(request, User.objects.all()))
    # With the filters, so that whoever acts on a list comes back to the same one.
    back = f"{request.path}?{request.POST.get('query', '')}"
    action = request.POST.get("action", "")
    if action in actions.STATE_WORDS:
        return actions.change_state(request, action, chosen, back)
    if action == activating.SEND:
        # As on a user's own page: with such a mail somebody gets in.
        if to_proof := reauthentication.ask(request):
            return to_proof
        return activating.send_to_many(request, chosen, back)
    if action == actions.ADD_TO_GROUP:
        # It may have been deleted since the list was drawn.
        group = UserGroup.objects.filter(pk=request.POST.get("to_group", "")).first()
        if group is not None:
            return actions.join_group(request, group, chosen, back)
        messages.warning(
            request,
            gettext("This group was deleted meanwhile; choose another one.")
            if request.POST.get("to_group")
            else gettext("Choose the group to add them to."),
        )
    return redirect(back)
