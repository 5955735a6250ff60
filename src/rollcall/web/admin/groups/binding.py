"""Applications bound to a user group and taken from it, after asking."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from rollcall.accounts.actors import actor_of
from rollcall.directory import services
from rollcall.directory.models import Application, UserGroup
from rollcall.web.admin.groups import losses
from rollcall.web.admin.groups.members import count_members, find_members
from rollcall.web.shell import confirm
from rollcall.web.shell.text.numbers import told


def bind(request: HttpRequest, group: UserGroup, application: Application) -> HttpResponseBase:
    """Give the members of the group the application."""
    if confirm.is_confirmed(request):
        services.bind(actor_of(request), application, [group])
        messages.success(
            request,
            gettext("{application} is bound to {group} now.").format(
                application=application.displayLabel, group=group.name
            ),
        )
        return redirect("group", group_id=group.pk)
    count = count_members(group)
    return confirm.ask(
        request,
        title=gettext("Bind {application} to {group}?").format(
            application=application.displayLabel, group=group.name
        ),
        sentences=[
            told(
                ngettext(
                    "The group has one member, who reaches the application from then on.",
                    "The group has {n} members, who reach the application from then on.",
                    count,
                ),
                count,
            )
        ],
        yes=gettext("Bind"),
        back=_back(group),
        danger=False,
    )


def unbind(request: HttpRequest, group: UserGroup, application: Application) -> HttpResponseBase:
    """Take the application from the members of the group."""
    if confirm.is_confirmed(request):
        services.unbind(actor_of(request), application, [group])
        messages.success(
            request,
            gettext("{application} is no longer bound to {group}.").format(
                application=application.displayLabel, group=group.name
            ),
        )
        return redirect("group", group_id=group.pk)
    return confirm.ask(
        request,
        title=gettext("Unbind {application} from {group}?").format(
            application=application.displayLabel, group=group.name
        ),
        # Who loses something is asked while they still have it.
        sentences=losses.describe(group, find_members(group), [application]),
        yes=gettext("Unbind"),
        back=_back(group),
    )


BINDING = {"bind": bind, "unbind": unbind}


def _back(group: UserGroup) -> str:
    return reverse("group", kwargs={"group_id": group.pk})
