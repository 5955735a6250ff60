"""Whom an account stands for, and whether they may have access now: asked at every use."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from rollcall.accounts.models import Account
from rollcall.directory.models import User
from rollcall.provisioning.user import State


class Bar(enum.StrEnum):
    """Why an account opens nothing now; its value is for events, never for the person."""

    DEACTIVATED = "the account is deactivated"
    NOBODY = "the account is nobody's: no role, and no user in the directory"
    STAGED = "the user is staged"
    SUSPENDED = "the user is suspended"
    LOCKED = "the user is locked"
    PASSWORD_EXPIRED = "the password has expired"  # noqa: S105 - no password


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account is worth at this moment.

    `user_id` is the directory user whom it stands for, "" for an administrator who is none; `bar`
    is why they have no access now, None where they have.
    """

    user_id: str
    bar: Bar | None

    @property
    def admitted(self) -> bool:
        """Whether they may have access now."""
        return self.bar is None

    @property
    def reason(self) -> str:
        """Why they have none, for an event; "" where they have."""
        return self.bar.value if self.bar else ""

    @property
    def may_sign_in(self) -> bool:
        """Whether they may prove who they are: to come in, or to replace an expired password."""
        return self.bar in (None, Bar.PASSWORD_EXPIRED)

    @property
    def may_set_password(self) -> bool:
        """Whether a link may give them a new password; it unlocks nobody."""
        return self.bar in (None, Bar.PASSWORD_EXPIRED, Bar.LOCKED)


def standing_of(account: Account) -> Standing:
    """What this account is worth now.

    Asks the database nothing where the account comes with its user and roles, as that of a request
    does (`request.user`): such a one was read for this very request.
    """
    user = account.user
    if not account.is_active:
        return Standing(account.user_id or "", Bar.DEACTIVATED)
    if user is None:
        return Standing("", None if account.roles else Bar.NOBODY)
    return Standing(user.pk, _bar(user))


def _bar(user: User) -> Bar | None:
    # The state first: a suspended user who is locked as well is not helped by unlocking.
    if user.state == State.SUSPENDED:
        return Bar.SUSPENDED
    if user.state == State.STAGED:
        return Bar.STAGED
    if user.account_locked:
        return Bar.LOCKED
    return Bar.PASSWORD_EXPIRED if user.password_expired else None
