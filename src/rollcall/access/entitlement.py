"""Whether somebody may use an application: decided here for every door, asked at every use."""

from __future__ import annotations

import enum

from django.db.models import Exists, OuterRef

from rollcall.accounts.models import Account
from rollcall.accounts.standing import standing_of
from rollcall.directory.models import Application, Association, User


class Refusal(enum.StrEnum):
    """Why an application is closed to somebody who has access: for events, never for the person."""

    NOBODY = "the account is no user's"
    APPLICATION_INACTIVE = "the application is not active"
    NOT_BOUND = "the user is in no user group that the application is bound to"


def refusal(account: Account, application: Application, *, is_bound: bool) -> str:
    """Why this account may not use the application; "" where it may.

    Both have been read just now, the account with its user; `is_bound` says whether the user is in
    a group that the application is bound to.
    """
    if account.user is None:
        return Refusal.NOBODY
    if reason := standing_of(account).reason:
        return reason
    if not application.active:
        return Refusal.APPLICATION_INACTIVE
    return "" if is_bound else Refusal.NOT_BOUND


def bound(application: str, user: str) -> Exists:
    """The condition that a user is in a group that an application is bound to.

    Both are paths of the query that it becomes part of: whoever reads a token asks for all of this
    in the same statement.
    """
    return Exists(
        Association.objects.filter(
            application=OuterRef(application), group__membership__user=OuterRef(user)
        )
    )


def ask(account: Account, application: Application) -> str:
    """Why the account of this request may not use the application, in a statement; "" if it may."""
    bindings = Association.objects.filter(application=application)
    is_bound = bindings.filter(group__membership__user=account.user_id).exists()
    return refusal(account, application, is_bound=is_bound)


def groups_of(user: User, application: Application) -> list[str]:
    """The names of the user's groups that the application is bound to, in order.

    The others are none of its business.
    """
    groups = user.groups.filter(association__application=application)
    return list(groups.order_by("name").values_list("name", flat=True))
