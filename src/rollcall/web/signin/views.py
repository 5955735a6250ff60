"""The pages behind one-time links: the first administrator, and setting a password."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters

from rollcall.accounts import first_start, one_time_links
from rollcall.accounts.actors import actor_of, address_of
from rollcall.accounts.errors import EmailTakenError
from rollcall.accounts.models import Account
from rollcall.web.shell.errors import note_refusal
from rollcall.web.signin.forms import FirstAdministratorForm, PasswordForm


@sensitive_post_parameters()
def start_first(request: HttpRequest, token: str) -> HttpResponseBase:
    """Set the first administrator's e-mail and password; once, while there is none."""
    link = one_time_links.find(token)
    if link is None or link.account is not None or not first_start.is_first_start():
        return _ended(request)
    form = FirstAdministratorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email, password = form.cleaned_data["email"], form.cleaned_data["password"]
        try:
            account = first_start.create_first(link, email, password, address_of(request))
        except EmailTakenError:
            form.add_error("email", gettext("This e-mail can sign in already."))
        else:
            return _sign_in(request, account) if account else _ended(request)
    return render(request, "signin/first_start.html", {"form": form})


@sensitive_post_parameters()
def set_password(request: HttpRequest, token: str) -> HttpResponseBase:
    """Set the password of an invited administrator, or of one whose password was reset."""
    link = one_time_links.find(token)
    if link is None or link.account is None or not link.account.is_active:
        return _ended(request)
    account = link.account
    form = PasswordForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        # whoever has the link acts as the account's owner
        actor = actor_of(request, account)
        used = one_time_links.set_password(actor, link, form.cleaned_data["password"])
        return redirect("account_login") if used else _ended(request)
    context = {"form": form, "email": account.email}
    return render(request, "signin/set_password.html", context)


def _sign_in(request: HttpRequest, account: Account) -> HttpResponseBase:
    """Sign in whoever has just set this password, as if they had typed it."""
    credentials = {"email": account.email}
    signing_in = Login(user=account, redirect_url=reverse("home"))
    response: HttpResponseBase = perform_password_login(request, credentials, signing_in)
    return response


def _ended(request: HttpRequest) -> HttpResponse:
    note_refusal(request, "the one-time link has ended, or there is none like it")
    # Used, too old or never made: which of them it was would help only who tries links.
    return render(request, "signin/link_ended.html", status=410)
