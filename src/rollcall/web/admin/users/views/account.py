"""A user's account: activation, an initial password, unlock, expiry, second factors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters

from rollcall.accounts import (
    activation,
    activation_mail,
    factor_services,
    factors,
    holders,
    permissions,
    user_accounts,
)
from rollcall.accounts.activation_mail import Letter, Mailbox
from rollcall.accounts.actors import actor_of
from rollcall.accounts.errors import ActivationRefusedError
from rollcall.accounts.factor_rules import Enrolment, Status, overall
from rollcall.accounts.holders import Holding, Obstacle
from rollcall.accounts.models import Account
from rollcall.accounts.permissions import Permission
from rollcall.accounts.portal_address import base_url
from rollcall.directory.models import User
from rollcall.directory.services import HAND
from rollcall.imports.open_targets import accounts_are_elsewhere
from rollcall.mail import server
from rollcall.provisioning.user import State
from rollcall.web.admin.users import activating, obstacles
from rollcall.web.admin.users.account_forms import OTHER, ActivationForm, InitialPasswordForm
from rollcall.web.admin.users.names import full_name
from rollcall.web.shell.pages import signed_in

Act = Callable[[HttpRequest, User], HttpResponseBase]


@sensitive_post_parameters("password", "repeated")
def show_account(request: HttpRequest, user_id: str) -> HttpResponseBase:
    """What the user signs in with, and what an administrator can do about it."""
    user = get_object_or_404(User, pk=user_id)
    if accounts_are_elsewhere():
        context = {"user_shown": user, "name": full_name(user)}
        return render(request, "users/account_elsewhere.html", context)
    named = request.POST.get("action", "")
    act = ACTS.get(named)
    if request.method == "POST" and act is not None:
        if named not in OF_HELP_DESK and not _writes_users(request):
            raise PermissionDenied
        return act(request, user)
    return _page(request, user)


def _page(request: HttpRequest, user: User, **forms: Form) -> HttpResponseBase:
    holding = _holding(user)
    account = holding if isinstance(holding, Account) else None
    has_password = account is not None and account.has_usable_password()
    known = factors.of_users([user.pk])[user.pk]
    context = {
        "user_shown": user,
        "name": full_name(user),
        "account": account,
        "obstacle": obstacles.sentence(holding) if isinstance(holding, Obstacle) else "",
        "status": _status(user, has_password),
        "has_password": has_password,
        "has_factors": bool(known.person.set_up),
        "factor_status": _factor_status(known.enrolment),
        "enrolment": known.enrolment,
        "required_of_user": known.person.required_of_user,
        "sends_mail": server.is_set(),
        "writes_users": _writes_users(request),
        "activation": _activation_form(request, user),
        "password": InitialPasswordForm(),
        **forms,
    }
    return render(request, "users/account.html", context)


def _writes_users(request: HttpRequest) -> bool:
    return permissions.allows(signed_in(request).roles, Permission.WRITE_USERS)


def _activation_form(
    request: HttpRequest, user: User, data: QueryDict | None = None
) -> ActivationForm:
    # Whoever only helps must not come by somebody's account: the link goes to addresses that
    # others have written into the directory.
    return ActivationForm(data, user=user, offers_other=_writes_users(request))


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


def _factor_status(enrolment: Enrolment) -> str:
    match overall(enrolment):
        case Status.ENROLLED:
            return gettext("Set up")
        case Status.IN_ENROLLMENT:
            return gettext("Not set up yet; may do without until")
        case Status.ENROLLMENT_EXPIRED:
            return gettext("Not set up; the next sign-in asks for it")
    return gettext("Not set up")


def _send(request: HttpRequest, user: User) -> HttpResponseBase:
    # "Once more" and not "for the first time": making somebody Active is no help but a change.
    if user.state != State.ACTIVATED and not _writes_users(request):
        raise PermissionDenied
    form = _activation_form(request, user, request.POST)
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
    account = holding if isinstance(holding, Account) else Account(email=user.email, user=user)
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


def _begin_period(request: HttpRequest, user: User) -> HttpResponseBase:
    user_accounts.reset_factors(actor_of(request), [user.pk], factor_services.new_period())
    line = gettext("The second factors are gone; a new enrolment period has begun.")
    messages.success(request, line)
    return redirect("user-account", user_id=user.pk)


def _require_factor(request: HttpRequest, user: User) -> HttpResponseBase:
    required = request.POST["action"] == "require-factor"
    factor_services.require_of(actor_of(request), [user.pk], required)
    messages.success(request, gettext("Saved."))
    return redirect("user-account", user_id=user.pk)


OF_HELP_DESK: Final = frozenset({"send", "unlock", "reset-factors", "new-period"})
"""What takes no more than the right to help users."""

ACTS: Final[Mapping[str, Act]] = {
    "send": _send,
    "link": _make_link,
    "password": _give_password,
    "unlock": _unlock,
    "expire": _expire,
    "reset-factors": _reset_factors,
    "new-period": _begin_period,
    "require-factor": _require_factor,
    "release-factor": _require_factor,
}
