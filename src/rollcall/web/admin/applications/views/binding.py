"""Imported users who are in no group bound to the application yet: put them into one, at once."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from rollcall.accounts.actors import actor_of
from rollcall.core import labels
from rollcall.core.text import fold
from rollcall.directory import groups, services
from rollcall.directory.models import Application, User, UserGroup
from rollcall.directory.services import NewGroup, Refused
from rollcall.imports.models import Run
from rollcall.imports.people import everyone_of
from rollcall.web.admin.applications.forms.binding import EVERYBODY, BindForm
from rollcall.web.admin.applications.panel import connection_of
from rollcall.web.shell import confirm
from rollcall.web.shell.text.numbers import grouped


def bind_users(request: HttpRequest, application_id: str) -> HttpResponseBase:
    """Put imported users into a group and bind the application to it; asks once."""
    application = get_object_or_404(Application, pk=application_id)
    run = request.GET.get("run", EVERYBODY)
    form = BindForm(
        request.POST or None,
        application=application,
        initial={"who": run, "new_name": application.displayLabel},
    )
    if request.method == "POST" and form.is_valid():
        answer = _bind(request, application, form)
        if answer is not None:
            return answer
    missing = _without_it(application).order_by().count()
    context = {"application": application, "form": form, "missing_count": missing}
    return render(request, "applications/bind.html", context)


def _bind(
    request: HttpRequest, application: Application, form: BindForm
) -> HttpResponseBase | None:
    """Ask once, then bind them; None where there is nobody to bind, which the form then says."""
    users = _users(application, form.cleaned_data["who"])
    count = users.order_by().count()
    # An answer that comes twice finds them bound already, and that was what it asked for.
    if not confirm.is_confirmed(request):
        if count:
            return _ask(request, application, form, count)
        form.add_error("who", gettext("There is nobody among them to be bound."))
        return None
    # As they are now: between the question and the answer somebody may have got the
    # application.
    _carry_out(request, application, form, list(users.values_list("pk", flat=True)))
    return redirect(f"{reverse('application', args=[application.pk])}?tab=user-groups")


def _users(application: Application, who: str) -> QuerySet[User]:
    if who == EVERYBODY:
        return _without_it(application)
    # A number for certain: the form knows no other values.
    return everyone_of(Run.objects.get(number=int(who)))


def _without_it(application: Application) -> QuerySet[User]:
    """The users whom the application's imports brought, and who do not reach it."""
    connection = connection_of(application)
    source = connection.key if connection else ""
    return groups.users_in_no_bound_group(application).imported(source)


def _ask(
    request: HttpRequest, application: Application, form: BindForm, count: int
) -> HttpResponseBase:
    group = form.cleaned_data["group"]
    name = group.name if group else str(form.cleaned_data["new_name"]).strip()
    people = ngettext("{n} user", "{n} users", count).format(n=grouped(count))
    made = "" if group else gettext("The group {group} is made.").format(group=name)
    sentences = [
        gettext("{people} become members of {group}.").format(people=people, group=name),
        gettext("{label} is bound to {group}, so its members have it.").format(
            label=application.displayLabel, group=name
        ),
    ]
    return confirm.ask(
        request,
        title=gettext("Bind {people} to {label}").format(
            people=people, label=application.displayLabel
        ),
        sentences=[made, *sentences] if made else sentences,
        yes=gettext("Bind"),
        back=reverse("application-bind", args=[application.pk]),
        danger=False,
    )


def _carry_out(
    request: HttpRequest, application: Application, form: BindForm, user_ids: list[str]
) -> None:
    # Together: members of a group that is bound to nothing would have been promised the
    # application.
    with transaction.atomic():
        group = form.cleaned_data["group"] or _make(request, str(form.cleaned_data["new_name"]))
        actor = actor_of(request)
        added = len(services.set_members(actor, group, add=user_ids).added)
        services.bind(actor, application, [group])
    messages.success(
        request,
        ngettext(
            "{n} user is now in {group}, and {label} is bound to it.",
            "{n} users are now in {group}, and {label} is bound to it.",
            added,
        ).format(n=grouped(added), group=group.name, label=application.displayLabel),
    )


def _make(request: HttpRequest, name: str) -> UserGroup:
    (made,) = services.create_groups(actor_of(request), [NewGroup(name)])
    if isinstance(made, Refused):  # somebody made it a moment ago
        return UserGroup.objects.get(name_key=fold(labels.normalize(name)))
    return made
