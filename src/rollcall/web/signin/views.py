"""The pages behind one-time links: the first administrator, and setting a password."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from rollcall.accounts import one_time_links
from rollcall.accounts.actors import account_target, actor_of
from rollcall.accounts.first_start import is_first_start
from rollcall.accounts.models import Administrator, OneTimeLink, Role
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.web.signin.forms import FirstAdministratorForm, PasswordForm

BACKEND = settings.AUTHENTICATION_BACKENDS[-1]


@sensitive_post_parameters()
def start_first(request: HttpRequest, token: str) -> HttpResponseBase:
    """Set the first administrator's e-mail and password; once, while there is none."""
    link = one_time_links.find(token)
    if link is None or link.administrator is not None or not is_first_start():
        return _ended(request)
    form = FirstAdministratorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _make_first(request, link, form.cleaned_data["email"], form.cleaned_data["password"])
        return _sign_in(request, made) if made else _ended(request)
    return render(request, "signin/first_start.html", {"form": form})


@sensitive_post_parameters()
def set_password(request: HttpRequest, token: str) -> HttpResponseBase:
    """Set the password of an invited administrator, or of one whose password was reset."""
    link = one_time_links.find(token)
    if link is None or link.administrator is None or not link.administrator.is_active:
        return _ended(request)
    form = PasswordForm(request.POST or None, person=link.administrator)
    if request.method == "POST" and form.is_valid():
        used = _set(request, link, link.administrator, form.cleaned_data["password"])
        return redirect("account_login") if used else _ended(request)
    context = {"form": form, "email": link.administrator.email}
    return render(request, "signin/set_password.html", context)


@transaction.atomic
def _make_first(
    request: HttpRequest, link: OneTimeLink, email: str, password: str
) -> Administrator | None:
    if not one_time_links.use(link):
        return None
    made = Administrator.objects.create_user(email, password, role=Role.ADMINISTRATOR)
    recording.record(
        actor_of(request, made),
        Action.ADMINISTRATOR_FIRST,
        account_target(made),
        after={"email": made.email, "role": made.role},
    )
    return made


@transaction.atomic
def _set(request: HttpRequest, link: OneTimeLink, person: Administrator, password: str) -> bool:
    if not one_time_links.use(link):
        return False
    person.set_password(password)
    person.save(update_fields=["password"])
    recording.record(actor_of(request, person), Action.ACCOUNT_PASSWORD_SET, account_target(person))
    return True


def _sign_in(request: HttpRequest, made: Administrator) -> HttpResponseBase:
    login(request, made, backend=BACKEND)
    record_authentication(request, made, method="password")
    return redirect("home")


def _ended(request: HttpRequest) -> HttpResponse:
    return render(request, "signin/link_ended.html", status=410)
