"""A user's account: activation, an initial password, unlock, expiry, second factors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters

from rollcall.accounts import activation, activation_mail, holders, user_accounts
from rollcall.accounts.activation_mail import Letter, Mailbox
from rollcall.accounts.actors import actor_of
from rollcall.accounts.errors import ActivationRefusedError
from rollcall.accounts.holders import Holding, Obstacle
from rollcall.accounts.models import Account
from rollcall.accounts.portal_address import base_url
from rollcall.directory.models import User
from rollcall.directory.services import HAND
from rollcall.mail import server
from rollcall.provisioning.user import State
from rollcall.web.admin.users import activating, obstacles
from rollcall.web.admin.users.account_forms import OTHER, ActivationForm, InitialPasswordForm
from rollcall.web.admin.users.names import full_name

Act = Callable[[HttpRequest, User], HttpResponseBase]


@sensitive_post_parameters("password", "repeated")
def show_account(request: HttpRequest, user_id: str) -> HttpResponseBase:
    """What the user signs in with, and what an administrator can do about it."""
    user = get_object_or_404(User, pk=user_id)
    act = ACTS.get(request.POST.get("action", ""))
    if request.method == "POST" and act is not None:
        return act(request, user)
    return _page(request, user)


def _page(request: HttpRequest, user: User, **forms: Form) -> HttpResponseBase:
    holding = _holding(user)
    account = holding if isinstance(holding, Account) else None
    has_password = account is not None and account.has_usable_password()
    factors = Authenticator.objects.filter(user=account) if account else None
    context = {
        "user_shown": user,
        "name": full_name(user),
        "account": account,
        "obstacle": obstacles.sentence(holding) if isinstance(holding, Obstacle) else "",
        "status": _status(user, has_password),
        "has_password": has_password,
        "has_factors": factors is not None and factors.exists(),
        "sends_mail": server.is_set(),
        "activation": ActivationForm(user=user),
        "password": InitialPasswordForm(),
        **forms,
    }
    return render(request, "users/account.html", context)


def _holding(user: User) -> Holding | None:
    """The account, why there can be none, or None where one would be made."""
    if user.state == State.SUSPENDED:
        return Obstacle.SUSPENDED
    return holders.plan([user]).known.get(user.pk)


def _status(user: User, has_password: bool) -> str:
    # Locked before expired, as JumpCloud shows the two.
    if user.account_locked:
        return gettext("Locked")
    if not has_password:
        return gettext("Password Pending")
    return gettext("Password expired") if user.password_expired else gettext("Password set")


def _send(request: HttpRequest, user: User) -> HttpResponseBase:
    form = ActivationForm(request.POST, user=user)
    if not form.is_valid():
        return _page(request, user, activation=form)
    account = _activated(request, user)
    if account is not None:
        letter = _letter(account, form)
        if letter is None:
            messages.error(request, obstacles.sentence(Obstacle.NO_ADDRESS))
        else:
            activating.send_one(request, letter)
    return redirect("user-account", user_id=user.pk)


def _letter(account: Account, form: ActivationForm) -> Letter | None:
    chosen = form.cleaned_data["mailbox"]
    if chosen == OTHER:
        return activation_mail.letter_to(account, form.cleaned_data["address"])
    letters = activation_mail.letters([account], Mailbox(chosen))
    return letters[0] if letters else None


def _make_link(request: HttpRequest, user: User) -> HttpResponseBase:
    account = _activated(request, user)
    if account is None:
        return redirect("user-account", user_id=user.pk)
    links = activation.issue_links(actor_of(request), [account], base_url(request))
    # Drawn in answer to the POST: the link is in no address and in no browser's history.
    context = {"user_shown": user, "name": full_name(user), "link": links[account.pk]}
    return render(request, "users/activation_link.html", context)


def _activated(request: HttpRequest, user: User) -> Account | None:
    [done] = activation.activate(actor_of(request), HAND, [user.pk])
    if done.obstacle is not None:
        messages.error(request, obstacles.sentence(done.obstacle))
        return None
    return done.account


def _give_password(request: HttpRequest, user: User) -> HttpResponseBase:
    holding = _holding(user)
    if isinstance(holding, Obstacle):
        messages.error(request, obstacles.sentence(holding))
        return redirect("user-account", user_id=user.pk)
    account = holding if isinstance(holding, Account) else Account(email=user.email)
    form = InitialPasswordForm(request.POST, account=account)
    if not form.is_valid():
        return _page(request, user, password=form)
    try:
        activation.give_password(
            actor_of(request),
            HAND,
            user.pk,
            form.cleaned_data["password"],
            must_change=form.cleaned_data["must_change"],
        )
    except ActivationRefusedError as error:
        messages.error(request, obstacles.sentence(error.obstacle))
    except ValidationError as error:
        form.add_error("password", error)
        return _page(request, user, password=form)
    else:
        messages.success(request, gettext("The password is set."))
    return redirect("user-account", user_id=user.pk)


def _unlock(request: HttpRequest, user: User) -> HttpResponseBase:
    user_accounts.unlock(actor_of(request), HAND, [user.pk])
    messages.success(request, gettext("Failed sign-ins are forgotten; the password stays."))
    return redirect("user-account", user_id=user.pk)


def _expire(request: HttpRequest, user: User) -> HttpResponseBase:
    user_accounts.expire(actor_of(request), HAND, [user.pk])
    messages.success(request, gettext("The next sign-in asks for a new password."))
    return redirect("user-account", user_id=user.pk)


def _reset_factors(request: HttpRequest, user: User) -> HttpResponseBase:
    if user_accounts.reset_factors(actor_of(request), [user.pk]):
        messages.success(request, gettext("The second factors are gone; the password stays."))
    return redirect("user-account", user_id=user.pk)


ACTS: Final[Mapping[str, Act]] = {
    "send": _send,
    "link": _make_link,
    "password": _give_password,
    "unlock": _unlock,
    "expire": _expire,
    "reset-factors": _reset_factors,
}
