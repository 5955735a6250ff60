"""Accounts for users of the directory: made, activated by a link, or given a first password.

Imports make users and never accounts. An account is made when an administrator activates the user,
and opens nothing before its owner has a password.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from rollcall.accounts import holders, one_time_links, services
from rollcall.accounts.errors import ActivationRefusedError
from rollcall.accounts.holders import Holding, Obstacle
from rollcall.accounts.models import Account
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Entry, Target, record_many
from rollcall.directory import services as directory
from rollcall.directory.models import User
from rollcall.provisioning.user import State

LINK_LIFETIME: Final = timedelta(days=7)
"""How long the link of an activation works (as JumpCloud's does)."""

AT_ONCE: Final = 500
"""How many users are written in one transaction."""


@dataclass(frozen=True, slots=True)
class Activation:
    """A user who is activated, with the account; or why they were not."""

    user_id: str
    account: Account | None = None
    obstacle: Obstacle | None = None


def activate(actor: Actor, source: str, user_ids: Sequence[str]) -> list[Activation]:
    """Make accounts for these users who have none, and staged ones Active; in their order.

    Whoever has a password already is let be (`HAS_PASSWORD`): there is nothing to activate. The
    same few statements for one user and for five hundred. `source` is who says so, for the users'
    provenance.
    """
    done: list[Activation] = []
    for start in range(0, len(user_ids), AT_ONCE):
        done += _activate(actor, source, user_ids[start : start + AT_ONCE])
    return done


@transaction.atomic
def _activate(actor: Actor, source: str, user_ids: Sequence[str]) -> list[Activation]:
    users = directory.hold_users(user_ids)
    suspended = {user.pk for user in users.values() if user.state == State.SUSPENDED}
    holdings: dict[str, Holding] = dict.fromkeys(suspended, Obstacle.SUSPENDED)
    others = [user for user in users.values() if user.pk not in suspended]
    holdings |= _ensure(actor, others)
    staged = [
        user.pk
        for user in users.values()
        if user.state == State.STAGED and isinstance(holdings[user.pk], Account)
    ]
    if staged:
        directory.set_state(actor, source, User.objects.filter(pk__in=staged), State.ACTIVATED)
    return [_activation(user_id, holdings.get(user_id, Obstacle.GONE)) for user_id in user_ids]


def _activation(user_id: str, holding: Holding) -> Activation:
    if isinstance(holding, Obstacle):
        return Activation(user_id, obstacle=holding)
    obstacle = Obstacle.HAS_PASSWORD if holding.has_usable_password() else None
    return Activation(user_id, holding, obstacle)


@transaction.atomic
def give_password(
    actor: Actor, source: str, user_id: str, password: str, *, must_change: bool
) -> Account:
    """Give this user a first or another password; the user's state stays what it is.

    A staged or suspended one gets nothing by it until they are Active. Refusing it would refuse the
    whole request with which an identity provider suspends somebody and sends every field again.
    With `must_change` it opens only the way to a password of their own.

    Raises:
        ActivationRefusedError: the user can have no account, or it is an administrator's.
        ValidationError: the password is not good enough.
    """
    user = directory.hold_users([user_id]).get(user_id)
    holding = _ensure(actor, [user])[user_id] if user else Obstacle.GONE
    if isinstance(holding, Obstacle):
        raise ActivationRefusedError(holding)
    validate_password(password, holding)
    one_time_links.end(holding)
    services.set_password(actor, holding, password, must_change=must_change, source=source)
    return holding


@transaction.atomic
def issue_links(actor: Actor, accounts: Collection[Account], base_url: str) -> dict[int, str]:
    """New links with which the owners set a password, by account; earlier ones end.

    For an administrator who hands them on: events say so.
    """
    _record(actor, Action.USER_ACTIVATION_LINK, accounts)
    return one_time_links.password_links(accounts, base_url, LINK_LIFETIME)


def _ensure(actor: Actor, users: Sequence[User]) -> dict[str, Holding]:
    """The account of each of these held users, made where it is missing, or why there is none."""
    plan = holders.plan(users)
    for account in plan.abandoned:
        services.delete(actor, account)
    for account in plan.moved:
        services.follow_user(account)
    made = services.create_for_users(plan.missing)
    _record(actor, Action.ACCOUNT_CREATE, made.values())
    missing = {user.pk: made.get(user.pk, Obstacle.TAKEN) for user in plan.missing}
    return {**plan.known, **missing}


def _record(actor: Actor, action: Action, accounts: Collection[Account]) -> None:
    entries = [Entry(Target("user", str(account.user_id), account.email)) for account in accounts]
    if entries:
        record_many(actor, action, entries)
