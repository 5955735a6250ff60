"""Signing in, in two steps; the pages behind one-time links; an expired password replaced."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters

from rollcall.accounts import first_start, one_time_links, passkeys, second_factors, services
from rollcall.accounts.actors import actor_of, address_of
from rollcall.accounts.errors import EmailTakenError
from rollcall.accounts.forms import PasswordForm
from rollcall.accounts.models import Account
from rollcall.accounts.passkeys import PasskeyForm
from rollcall.accounts.stages import ENROLMENT, RENEWAL
from rollcall.accounts.standing import standing_of
from rollcall.audit.actions import Action
from rollcall.web.shell.errors import note_refusal
from rollcall.web.signin.forms import FirstAdministratorForm, NameForm


class SignInView(LoginView):  # type: ignore[misc]  # allauth ships no types
    """First who somebody is, then their password; the same for administrators and users.

    The first step looks nobody up: whatever is typed, the second one asks for a password.
    """

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The first step; an application may have said who it thinks it is (`login_hint`)."""
        hint = request.GET.get("login_hint", "")[: services.EMAIL_LIMIT]
        return self._ask_name(NameForm(initial={"login": hint}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The second step, or what comes of it."""
        if "password" in request.POST:
            answer: HttpResponseBase = super().post(request, *args, **kwargs)
            return answer
        named = NameForm(request.POST)
        if not named.is_valid():
            return self._ask_name(named)
        form = self.get_form_class()(
            request=request, initial={"login": named.cleaned_data["login"]}
        )
        return self._answer(form=form)

    def _ask_name(self, form: NameForm) -> HttpResponseBase:
        return self._answer(form=form, asks_name=True)

    def _answer(self, **context: object) -> HttpResponseBase:
        shown = self.get_context_data(**context, passkeys=passkeys.sign_in())
        page: HttpResponseBase = self.render_to_response(shown)
        return page


class PasskeyView(LoginWebAuthnView):  # type: ignore[misc]  # allauth ships no types
    """Signing in with a passkey alone, where the organization lets them."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse it where only passwords sign in."""
        if not passkeys.sign_in():
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def form_valid(self, form: PasskeyForm) -> HttpResponseBase:
        """Sign in whoever's passkey it is, and go on where they wanted to."""
        passkey = form.cleaned_data["credential"]
        login = Login(user=passkey.user, redirect_url=get_next_redirect_url(self.request))
        answer: HttpResponseBase = perform_passwordless_login(self.request, passkey, login)
        return answer

    def form_invalid(self, form: PasskeyForm) -> HttpResponseBase:
        """Back to where one signs in, with what was wrong."""
        passkeys.note_refusal(self.request)
        answer: HttpResponseBase = super().form_invalid(form)
        return answer


@login_stage_required(stage=RENEWAL, redirect_urlname="account_login")  # type: ignore[untyped-decorator]  # allauth ships no types
@sensitive_post_parameters()
def renew_password(request: HttpRequest) -> HttpResponseBase:
    """Replace an expired password; whoever is here has proved it, and their second factor."""
    stage = request._login_stage  # type: ignore[attr-defined]  # set by allauth
    account = stage.login.user
    answer: HttpResponseBase
    if not stage.still_proved():
        answer = stage.abort()
        return answer
    form = PasswordForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        password, action = form.cleaned_data["password"], Action.ACCOUNT_PASSWORD_CHANGE
        services.set_password(actor_of(request, account), account, password, action)
        # As it is now: the one that is waiting to be signed in still has an expired password.
        stage.login.user = Account.objects.get(pk=account.pk)
        answer = stage.exit()
        return answer
    return render(request, "signin/renew_password.html", {"form": form, "email": account.email})


@login_stage_required(stage=ENROLMENT, redirect_urlname="account_login")  # type: ignore[untyped-decorator]  # allauth ships no types
def announce_enrolment(request: HttpRequest) -> HttpResponseBase:
    """Say from when on a second factor is required; set it up now, or go on."""
    stage = request._login_stage  # type: ignore[attr-defined]  # set by allauth
    answer: HttpResponseBase
    if request.method == "POST":
        if request.POST.get("action") == "now":
            stage.login.redirect_url = reverse("mfa_index")
        answer = stage.exit()
        return answer
    until = second_factors.enrolment_of(stage.login.user).until
    return render(request, "signin/enrolment.html", {"until": until})


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
    if link is None or link.account is None:
        return _ended(request)
    # Who is suspended meanwhile cannot use it; once they are active again, they can.
    if not standing_of(link.account).may_set_password:
        return _ended(request)
    account = link.account
    form = PasswordForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        # whoever has the link acts as the account's owner
        actor = actor_of(request, account)
        used = one_time_links.set_password(actor, link, form.cleaned_data["password"])
        if not used:
            return _ended(request)
        messages.success(request, gettext("Your password is set. Sign in with it."))
        return redirect("account_login")
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
