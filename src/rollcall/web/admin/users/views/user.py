"""A user's page: details and where they come from, groups, applications, history, actions."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from rollcall.directory.models import BY_NAME, Association, User
from rollcall.provisioning.user import State
from rollcall.web.admin.users import (
    actions,
    history,
    provenance,
    writing,
)
from rollcall.web.admin.users.names import full_name
from rollcall.web.shell import confirm, pages
from rollcall.web.shell.text.numbers import told

REPORTS_SHOWN = 20
ACTIONS = {
    State.STAGED: ("activate", "suspend"),
    State.ACTIVATED: ("suspend",),
    State.SUSPENDED: ("reactivate",),
}


def show_user(request: HttpRequest, user_id: str) -> HttpResponseBase:
    """Everything about one user; POST changes the state or deletes."""
    user = get_object_or_404(User.objects.select_related("manager"), pk=user_id)
    if request.method == "POST":
        return _act(request, user)
    reports = user.reports.order_by(*BY_NAME, "pk")
    # A managing director may have thousands of reports: a few are shown, and how many there are.
    report_count = reports.count()
    context = {
        "user_shown": user,
        "name": full_name(user),
        "manager": full_name(user.manager) if user.manager else "",
        # The state stands in the head of the page.
        "facts": [fact for fact in provenance.facts(user) if fact.field != "state"],
        "origin": provenance.origin(user),
        "employee_ids": provenance.employee_ids(user),
        "reports": [(report.pk, full_name(report)) for report in reports[:REPORTS_SHOWN]],
        "report_count": report_count,
        "more_reports": max(0, report_count - REPORTS_SHOWN),
        "groups": user.groups.order_by("name"),
        "reached": _reached(user),
        "history": history.read_history(user),
        "state_source": provenance.source_of(user, "state"),
        "actions": ACTIONS[State(user.state)] if pages.may(request, "user", "POST") else (),
    }
    return render(request, "users/user.html", context)


def _reached(user: User) -> QuerySet[Association]:
    """The associations through which the user reaches applications."""
    associations = Association.objects.filter(group__membership__user=user)
    return associations.select_related("application", "group").order_by(
        "application__displayLabel", "application_id", "group__name"
    )


def _act(request: HttpRequest, user: User) -> HttpResponseBase:
    action = request.POST.get("action", "")
    if action in actions.STATE_WORDS:
        return actions.change_state(request, action, User.objects.filter(pk=user.pk), request.path)
    if action == "delete":
        return _delete(request, user)
    if action == "unlink" and user.sources:
        return _unlink(request, user)
    return redirect("user", user_id=user.pk)


def _delete(request: HttpRequest, user: User) -> HttpResponseBase:
    if confirm.is_confirmed(request):
        writing.delete(request, user)
        messages.success(request, gettext("{name} was deleted.").format(name=full_name(user)))
        return redirect("users")
    return confirm.ask(
        request,
        title=gettext("Delete {name}?").format(name=full_name(user)),
        sentences=_losses(user),
        yes=gettext("Delete"),
        back=reverse("user", kwargs={"user_id": user.pk}),
    )


def _unlink(request: HttpRequest, user: User) -> HttpResponseBase:
    back = reverse("user", kwargs={"user_id": user.pk})
    name = full_name(user)
    if confirm.is_confirmed(request):
        writing.unlink(request, user)
        messages.success(
            request, gettext("{name} is linked to no employee any more.").format(name=name)
        )
        return redirect(back)
    linked = ", ".join(
        gettext("employee {id} in {source}").format(id=employee_id, source=source)
        for employee_id, source in provenance.employee_ids(user)
    )
    return confirm.ask(
        request,
        title=gettext("Unlink {name}?").format(name=name),
        sentences=[
            gettext("The user is {employees}, and will be nobody's.").format(employees=linked),
            gettext(
                "The next import treats the user as somebody who was not imported: it neither "
                "changes nor suspends them, and makes the user that of an employee with the same "
                "e-mail only with a tick in the preview."
            ),
            gettext("Values, groups and applications stay as they are."),
        ],
        yes=gettext("Unlink"),
        back=back,
    )


def _losses(user: User) -> list[str]:
    sentences = [
        gettext("The user {username} ({email}) is taken out of the directory for good.").format(
            username=user.username, email=user.email
        )
    ]
    if groups := user.groups.count():
        sentences.append(
            told(
                ngettext(
                    "One membership in a group ends, with the applications behind it.",
                    "{n} memberships in groups end, with the applications behind them.",
                    groups,
                ),
                groups,
            )
        )
    if reports := user.reports.count():
        sentences.append(
            told(
                ngettext("One user loses their manager.", "{n} users lose their manager.", reports),
                reports,
            )
        )
    if origin := provenance.origin(user):
        sentences.append(
            gettext(
                "The next import makes this user again if the employee is at work in {source}. "
                "To take access away for good, suspend the user instead."
            ).format(source=origin)
        )
    return sentences
