"""Identity Management: Confirm Credentials and manual import, and the credentials that are kept."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters

from rollcall.accounts.actors import actor_of
from rollcall.directory.models import Application
from rollcall.imports import connection_services, runs
from rollcall.imports.errors import Overlap
from rollcall.imports.models import Connection, Run, lane_of
from rollcall.sources.base import Account
from rollcall.web.admin.applications import credential_check
from rollcall.web.admin.applications.accounts import other_application
from rollcall.web.admin.applications.credential_check import Failure
from rollcall.web.admin.applications.forms.credentials import CredentialsForm
from rollcall.web.admin.applications.panel import (
    connection_of,
    importing,
    is_inactive,
    kind_of,
)
from rollcall.web.admin.applications.views.upload import upload_file
from rollcall.web.admin.imports import handover
from rollcall.web.shell import confirm, once, reauthentication
from rollcall.web.shell.pages import may


@dataclass(frozen=True)
class Refusal:
    """Why no import was started: the source's failure, or the run that is at work."""

    failure: Failure | None = None
    at_work: Run | None = None


# Whatever Django may report of a failed request, it leaves the credentials out.
@sensitive_post_parameters()
def start_import(request: HttpRequest, application_id: str) -> HttpResponseBase:
    """Confirm Credentials; Continue checks them and starts a run that stops for review.

    Where employees come in a file, it is asked for instead.
    """
    application = importing(application_id)
    if not application.active:
        return is_inactive(request, application)
    if kind_of(application).file is not None:
        return upload_file(request, application)
    if before := once.sent_before(request):
        return before
    form = _form(request, application)
    refusal = Refusal()
    if request.method == "POST" and form.is_valid() and _is_its_own(form, application):
        # What is kept works without whoever typed it: an open desk must not be enough to put it
        # there.
        if form.cleaned_data.get("keep") and (asked := reauthentication.ask(request)):
            return asked
        begun = _begin(request, application, form)
        if isinstance(begun, Run):
            handover.hand_over(begun)
            return redirect("run", run_number=begun.number)
        # Sent twice, the second time may have waited for the first one to begin.
        if before := once.sent_before(request):
            return before
        refusal = begun
    context = {
        "application": application,
        "form": form,
        "refusal": refusal,
        "offer_kept": form.kept is not None and request.GET.get("replace") != "yes",
    }
    return render(request, "applications/credentials.html", context)


def _form(request: HttpRequest, application: Application) -> CredentialsForm:
    """The form as it was sent, with the credentials that are kept where these are to be used."""
    form = CredentialsForm(
        request.POST or None,
        kind=kind_of(application),
        connection=connection_of(application),
        may_keep=may(request, "application-credentials", "POST"),
    )
    if form.kept is not None and request.POST.get("use_kept") == "yes":
        form.use_kept()
    return form


def remove_credentials(request: HttpRequest, application_id: str) -> HttpResponseBase:
    """Remove the credentials that are kept for scheduled imports."""
    application = importing(application_id)
    back = f"{reverse('application', args=[application.pk])}?tab=identity-management"
    connection = connection_of(application)
    if request.method != "POST" or connection is None or not connection.sealed_credentials:
        return redirect(back)
    if not confirm.is_confirmed(request):
        return confirm.ask(
            request,
            title=gettext("Remove the kept credentials"),
            sentences=[
                gettext(
                    "Scheduled imports of {label} stop until credentials are kept again."
                ).format(label=application.displayLabel)
            ],
            yes=gettext("Remove"),
            back=back,
        )
    connection_services.remove_credentials(actor_of(request), connection)
    messages.success(request, gettext("The credentials are removed."))
    return redirect(back)


def _is_its_own(form: CredentialsForm, application: Application) -> bool:
    """Whether no other application imports this account; else the form says which one does."""
    other = other_application(form.account(), application.pk)
    if other is not None:
        form.add_error(form.kind.name_field or None, other)
    return other is None


def _begin(request: HttpRequest, application: Application, form: CredentialsForm) -> Run | Refusal:
    """Check the credentials, then start the run; or say why not."""
    account, target = form.account(), form.cleaned_data["directory"]
    # Before the source is asked: an answer about credentials would help nobody now.
    at_work = runs.unfinished(form.connection, lane_of(target, account.key))
    if at_work is not None:
        return Refusal(at_work=at_work)
    options = form.options()
    failure = credential_check.check(form.kind, account, options, in_detail=form.may_keep)
    if failure is not None:
        return Refusal(failure=failure)
    try:
        with transaction.atomic():
            connection = _connection(request, application, form, account)
            starter = handover.starter(request)
            asked = runs.Request(connection, account, starter, options, True, target)
            run = runs.start_anywhere(asked)
            once.remember(request, reverse("run", args=[run.number]))
    # Asked before as well, and possible all the same: the check of the credentials takes a while.
    except Overlap as overlap:
        return Refusal(at_work=overlap.run)
    return run


def _connection(
    request: HttpRequest, application: Application, form: CredentialsForm, account: Account
) -> Connection:
    """The application's connection; changed only by whoever may configure it.

    Where credentials are kept, a schedule runs on what stands in it: this import's own choices
    replace that only together with the credentials.
    """
    data = form.cleaned_data
    keep = bool(data.get("keep")) and account is not form.kept
    reached = {
        "name": application.displayLabel,
        "source": form.kind.key,
        "key": account.key,
        "address": account.address,
        "target": data["directory"],
    }
    chosen = {"settings": form.account_settings(), "options": form.options().to_record()}
    if keep or (form.may_keep and not form.keeps):
        connection, _ = Connection.objects.update_or_create(
            application=application, defaults=reached | chosen
        )
    else:
        connection, _ = Connection.objects.get_or_create(application=application, defaults=reached)
    # The kept ones need no sealing again; only what was typed replaces them.
    if keep:
        connection_services.keep_credentials(actor_of(request), connection, account)
    return connection
