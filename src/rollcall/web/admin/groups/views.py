"""User groups: the list, a new one, and one group's page with its members and applications."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from rollcall.accounts.actors import actor_of
from rollcall.directory import lookalikes, services
from rollcall.directory.models import Application, User, UserGroup, UserQuerySet
from rollcall.imports.people import everyone_of
from rollcall.web.admin.groups import losses
from rollcall.web.admin.groups.binding import BINDING
from rollcall.web.admin.groups.forms import GroupForm, values_of
from rollcall.web.admin.groups.members import count_members, find_members
from rollcall.web.admin.groups.tables import LISTING, MEMBERS, candidates
from rollcall.web.admin.users import actions, choices
from rollcall.web.shell import confirm, once, pages
from rollcall.web.shell.lists import distinct
from rollcall.web.shell.refusals import add_to
from rollcall.web.shell.text.numbers import told


def list_groups(request: HttpRequest) -> HttpResponseBase:
    """Every user group."""
    return LISTING.answer(request, UserGroup.objects.all(), template="groups/list.html")


def add_group(request: HttpRequest) -> HttpResponseBase:
    """A new group, still without members."""
    if before := once.sent_before(request):
        return before
    form = GroupForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = once.made_once(request, lambda: _create(request, form))
        if made is not None:
            return made
    return render(request, "groups/new.html", {"form": form})


def _create(request: HttpRequest, form: GroupForm) -> HttpResponseRedirect | None:
    new = services.NewGroup(form.cleaned_data["name"], form.cleaned_data["description"])
    (made,) = services.create_groups(actor_of(request), [new])
    if isinstance(made, services.Refused):
        add_to(form, made.refusals)
        return None
    messages.success(request, gettext("{name} was created.").format(name=made.name))
    _warn_of_twin(request, made)
    return redirect("group", group_id=made.pk)


def _warn_of_twin(request: HttpRequest, group: UserGroup) -> None:
    if twin := lookalikes.report_group_names(actor_of(request), [group]).get(group.pk):
        message = gettext(
            "{text} looks like {twin} and is another one, in other letters: make sure that nobody "
            "passes for somebody else."
        )
        messages.warning(request, message.format(text=group.name, twin=twin.text))


def show_group(request: HttpRequest, group_id: str) -> HttpResponseBase:
    """The group; POST removes members, adds those of an import, binds, unbinds or deletes."""
    group = get_object_or_404(UserGroup, pk=group_id)
    if request.method == "POST":
        return _act(request, group)
    count = count_members(group)
    can_write = pages.may(request, "group", "POST")
    bound = list(group.applications.order_by("displayLabel", "pk"))
    context = {
        "group": group,
        "member_count": count,
        "bound": bound,
        "can_write": can_write,
        # Whoever may not write has no drop-down, and is spared the queries for it.
        "unbound_applications": _others(bound) if can_write else [],
        "runs": choices.run_choices() if can_write else [],
    }
    return MEMBERS.answer(
        request,
        find_members(group),
        template="groups/group.html",
        context=context,
        can_bulk=can_write,
        total=count,
    )


def edit_group(request: HttpRequest, group_id: str) -> HttpResponseBase:
    """Rename the group."""
    group = get_object_or_404(UserGroup, pk=group_id)
    name = group.name
    form = GroupForm(request.POST if request.method == "POST" else None, group)
    if request.method == "POST" and form.is_valid():
        changed = _save(request, form, group_id)
        if isinstance(changed, services.Refused):
            add_to(form, changed.refusals)
        elif changed is not None:
            messages.success(request, gettext("Saved."))
            if "name" in form.cleaned_data:
                _warn_of_twin(request, changed)
            return redirect("group", group_id=group.pk)
    return render(request, "groups/edit.html", {"form": form, "group": group, "name": name})


@transaction.atomic
def _save(request: HttpRequest, form: GroupForm, group_id: str) -> services.GroupResult | None:
    """The group with what was changed in the form; None where that clashes with somebody else's."""
    # Locked before it is compared with what the form was opened with.
    group = UserGroup.objects.select_for_update().filter(pk=group_id).first()
    if group is None:
        return services.GONE
    if form.clashes(values_of(group)):
        return None
    change = services.GroupChange(group.pk, form.cleaned_data)
    return services.update_groups(actor_of(request), [change])[0]


def add_members(request: HttpRequest, group_id: str) -> HttpResponseBase:
    """Every user, to add many from: ticked ones, or everybody whom search and filters find."""
    group = get_object_or_404(UserGroup, pk=group_id)
    listing = candidates(group)
    if request.method == "POST":
        chosen = cast(UserQuerySet, listing.chosen(request, User.objects.all()))
        back = f"{request.path}?{request.POST.get('query', '')}"
        return actions.join_group(request, group, chosen, back)
    return listing.answer(
        request, User.objects.all(), template="groups/add.html", context={"group": group}
    )


def _others(bound: list[Application]) -> list[tuple[str, str]]:
    others = Application.objects.exclude(pk__in=[application.pk for application in bound])
    return list(others.order_by("displayLabel").values_list("pk", "displayLabel")[: distinct.MOST])


def _act(request: HttpRequest, group: UserGroup) -> HttpResponseBase:
    action = request.POST.get("action", "")
    if action == "remove":
        return _remove(request, group)
    if action == "add-run":
        run = choices.find_run(request.POST.get("run", ""))
        users = User.objects.none() if run is None else everyone_of(run)
        return actions.join_group(request, group, users, request.path)
    if action in BINDING:
        application = Application.objects.filter(pk=request.POST.get("application", "")).first()
        if application is not None:
            return BINDING[action](request, group, application)
        messages.warning(request, gettext("Choose an application."))
    if action == "delete":
        return _delete(request, group)
    return redirect("group", group_id=group.pk)


def _remove(request: HttpRequest, group: UserGroup) -> HttpResponseBase:
    members = find_members(group)
    chosen = cast(UserQuerySet, MEMBERS.chosen(request, members))
    back = f"{request.path}?{request.POST.get('query', '')}"
    # Unsorted: the list's order may cost more than the count.
    count = chosen.order_by().count()
    if not count:
        return actions.nobody_chosen(request, back)
    if confirm.is_confirmed(request):
        removed = services.remove_all(actor_of(request), group, chosen)
        messages.success(
            request, told(ngettext("One member removed.", "{n} members removed.", removed), removed)
        )
        return redirect(back)
    return confirm.ask(
        request,
        title=told(
            ngettext("Remove one member from {group}?", "Remove {n} members from {group}?", count),
            count,
            group=group.name,
        ),
        sentences=losses.describe(group, chosen),
        yes=gettext("Remove from the group"),
        back=back,
    )


def _delete(request: HttpRequest, group: UserGroup) -> HttpResponseBase:
    if confirm.is_confirmed(request):
        services.delete_groups(actor_of(request), [group.pk])
        messages.success(request, gettext("{name} was deleted.").format(name=group.name))
        return redirect("groups")
    count = count_members(group)
    members = told(
        ngettext(
            "One member leaves it; the user stays.", "{n} members leave it; the users stay.", count
        ),
        count,
    )
    return confirm.ask(
        request,
        title=gettext("Delete {name}?").format(name=group.name),
        sentences=[members, *losses.describe(group, find_members(group))],
        yes=gettext("Delete"),
        back=reverse("group", kwargs={"group_id": group.pk}),
    )
