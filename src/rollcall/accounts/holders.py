"""One address, one account: which account a user of the directory has, or why it can have none."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from rollcall.accounts.errors import EmailMalformedError
from rollcall.accounts.models import Account, AccountQuerySet
from rollcall.accounts.services import valid_email
from rollcall.directory.models import User


class Obstacle(enum.StrEnum):
    """Why nothing was done to a user's account; the values are words of exports and of `--json`."""

    GONE = "gone"
    SUSPENDED = "suspended"
    HAS_PASSWORD = "has_password"  # noqa: S105 - no password
    HELD_BY_ADMINISTRATOR = "held_by_administrator"
    ADMINISTRATOR = "administrator"
    TAKEN = "taken"
    EMAIL_MALFORMED = "email_malformed"
    NO_ADDRESS = "no_address"


Holding: TypeAlias = "Account | Obstacle"


@dataclass(slots=True)
class Plan:
    """What becomes of users' accounts: who has one or can have none, and what is to be written.

    `abandoned` are accounts of users who were deleted: nobody can sign in with them. `moved` are
    accounts whose user has got another address since.
    """

    known: dict[str, Holding] = field(default_factory=dict)
    missing: list[User] = field(default_factory=list)
    abandoned: list[Account] = field(default_factory=list)
    moved: list[Account] = field(default_factory=list)


def plan(users: Sequence[User]) -> Plan:
    """Decide about these users, who are held; asks twice, however many they are."""
    ids = [user.pk for user in users]
    own = {account.user_id: account for account in _accounts().filter(user__in=ids)}
    others = [user for user in users if user.pk not in own]
    holders = _holders(others)
    made = Plan()
    for user in users:
        account = own.get(user.pk)
        if account is not None:
            made.known[user.pk] = Obstacle.ADMINISTRATOR if account.roles else account
        else:
            _decide(made, user, holders.get(user.email))
    return made


def _decide(made: Plan, user: User, holder: Account | None) -> None:
    obstacle = _obstacle(user, holder)
    if obstacle is not None:
        made.known[user.pk] = obstacle
        return
    made.missing.append(user)
    if holder is not None:
        (made.moved if holder.user_id else made.abandoned).append(holder)


def _obstacle(user: User, holder: Account | None) -> Obstacle | None:
    try:
        valid_email(user.email)
    except EmailMalformedError:
        return Obstacle.EMAIL_MALFORMED
    if holder is None:
        return None
    # Whoever writes the directory must not come by an administrator's account through an e-mail:
    # the two are joined by the administrator alone, who accepts it when signed in.
    if holder.roles:
        return Obstacle.TAKEN if holder.user_id else Obstacle.HELD_BY_ADMINISTRATOR
    is_stale = holder.user is None or holder.user.email != holder.email
    return None if is_stale else Obstacle.TAKEN


def _holders(users: Iterable[User]) -> Mapping[str, Account]:
    wanted = [user.email for user in users]
    rows = _accounts().select_related("user").filter(email__in=wanted) if wanted else ()
    return {account.email: account for account in rows}


def _accounts() -> AccountQuerySet:
    return Account.objects.get_queryset().with_roles()
