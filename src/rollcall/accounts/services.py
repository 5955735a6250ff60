"""The only writer of accounts: every verb records its event in the transaction of its change.

The rules stand here and not in a form, so that they hold at every door: an e-mail signs in one
account, and the last active administrator can be neither demoted, deactivated nor deleted.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

from allauth.mfa.models import Authenticator
from axes.utils import reset as reset_lock_outs
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from rollcall.accounts import departures, old_passwords, password_policies
from rollcall.accounts.actors import account_target
from rollcall.accounts.errors import (
    AlreadyLinkedError,
    EmailMalformedError,
    EmailTakenError,
    LastAdministratorError,
    NothingOfferedError,
)
from rollcall.accounts.models import Account, AccountRole, OneTimeLink, Role
from rollcall.accounts.standing import standing_of
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.core import emails
from rollcall.directory import services as directory
from rollcall.directory.models import User
from rollcall.directory.services import HAND
from rollcall.provisioning.user import State

EMAIL_LIMIT: Final = 254
"""How many characters an e-mail that gets letters has at the most (RFC 5321, 4.5.3.1.3)."""


DATES: Final = ("password_set_at", "password_expires_at", "password_warned_on")
"""What is written of an account together with its password."""


def valid_email(text: str) -> str:
    """The e-mail as accounts keep it.

    Raises:
        EmailMalformedError: by the directory's rule (`core.emails`), or longer than `EMAIL_LIMIT`.
    """
    email = emails.normalize(text)
    if len(email) > EMAIL_LIMIT or not emails.is_valid(email):
        raise EmailMalformedError
    return email


@transaction.atomic
def create(
    actor: Actor,
    email: str,
    roles: Collection[Role],
    *,
    password: str | None = None,
    action: Action = Action.ADMINISTRATOR_CREATE,
) -> Account:
    """A new account; without a password, nobody signs in until one is set by a one-time link.

    Raises:
        EmailMalformedError: see `valid_email`.
        EmailTakenError: somebody signs in with this e-mail.
    """
    account = Account(email=valid_email(email))
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:  # and no look before: two requests may come at once
        raise EmailTakenError from None
    _grant(account, frozenset(roles))
    after = {"email": account.email, "roles": _named(roles)}
    recording.record(actor, action, account_target(account), after=after)
    return account


@transaction.atomic
def change(
    actor: Actor,
    account: Account,
    *,
    roles: Collection[Role] | None = None,
    is_active: bool | None = None,
) -> Account:
    """Give the account these roles instead of its own, or let it in or out; what is None stays.

    The session of an account that is deactivated ends at its next request.

    Raises:
        LastAdministratorError: nobody else is an active administrator.
    """
    account = _locked_with_administrators(account)
    before = _state(account.roles, account.is_active)
    new_roles = account.roles if roles is None else frozenset(roles)
    active = account.is_active if is_active is None else is_active
    after = _state(new_roles, active)
    if after == before:
        return account
    keep_an_administrator(account, new_roles, active)
    _grant(account, new_roles)
    account.is_active = active
    # Not the whole row, which may be older than what another request has just stored.
    account.save(update_fields=["is_active"])
    if not active:
        departures.everywhere(account)
    recording.record(
        actor, Action.ADMINISTRATOR_CHANGE, account_target(account), before=before, after=after
    )
    return Account.objects.get(pk=account.pk)


def keep_an_administrator(account: Account, roles: Collection[Role], is_active: bool) -> None:
    """Hold what the account would become against the rule that somebody administers Rollcall.

    Raises:
        LastAdministratorError: it is the last active administrator, and would be one no longer.
    """
    # Those who are shut out do not count: nobody can sign in as one of them.
    is_one = account.is_active and Role.ADMINISTRATOR in account.roles
    if not is_one or (is_active and Role.ADMINISTRATOR in roles):
        return
    others = Account.objects.with_role(Role.ADMINISTRATOR).admitted()
    if not others.exclude(pk=account.pk).exists():
        raise LastAdministratorError


@transaction.atomic
def delete(actor: Actor, account: Account) -> None:
    """Remove the account with its password and factors; a directory user it was linked to stays.

    Raises:
        LastAdministratorError: nobody else is an active administrator.
    """
    account = _locked_with_administrators(account)
    keep_an_administrator(account, (), is_active=False)
    before = {"email": account.email} | _state(account.roles, account.is_active)
    # An account without a role is no administrator's, and its end is not told as one's.
    action = Action.ADMINISTRATOR_DELETE if account.roles else Action.ACCOUNT_DELETE
    recording.record(actor, action, account_target(account), before=before)
    account.delete()


def create_for_users(users: Sequence[User]) -> dict[str, Account]:
    """New accounts without a password for these users, who have none; by user.

    For `activation`, which has decided that they may have one and records it. A user whose address
    somebody took meanwhile is left out.
    """
    if not users:
        return {}
    new = [Account(email=user.email, user=user) for user in users]
    for account in new:
        account.set_unusable_password()
    Account.objects.bulk_create(new, ignore_conflicts=True)
    made = Account.objects.filter(user__in=[user.pk for user in users]).prefetch_related(
        "role_grants"
    )
    return {str(account.user_id): account for account in made}


def follow_user(account: Account) -> None:
    """Let an account without a role sign in with its user's present address, and free the old.

    Where somebody else has that one, or nobody can sign in with it, nothing changes.
    """
    assert account.user is not None  # noqa: S101 - the caller has looked
    # PostgreSQL refuses a longer one, and with it all that the caller does.
    if len(account.user.email) > EMAIL_LIMIT:
        return
    with suppress(IntegrityError), transaction.atomic():
        Account.objects.filter(pk=account.pk).update(email=account.user.email)


@transaction.atomic
def set_password(
    actor: Actor,
    account: Account,
    password: str,
    action: Action = Action.ACCOUNT_PASSWORD_SET,
    *,
    must_change: bool = False,
    source: str = HAND,
) -> None:
    """Store a password, which the caller has held against the password policy; sessions end.

    So do the links that would set another one, whoever has them.
    The directory's user is not Password Pending any more; with `must_change` the password counts
    as expired, so that its owner replaces it first. `source` is who says so.
    """
    policy = password_policies.of(account.user_id)
    old_passwords.remember(account, policy.history)
    OneTimeLink.objects.filter(account=account).delete()
    account.set_password(password)
    now = timezone.now()
    days, is_users = policy.expires_after_days, account.user_id is not None
    account.password_set_at, account.password_warned_on = now, None
    account.password_expires_at = now + timedelta(days=days) if days and is_users else None
    # the rest of the row may be older than what another request has just stored
    account.save(update_fields=["password", *DATES])
    departures.everywhere(account)
    recording.record(actor, action, account_target(account))
    if account.user_id is not None:
        flags = {"activated": True, "password_expired": must_change}
        directory.update_users(actor, source, [directory.UserChange(account.user_id, flags)])


@transaction.atomic
def reset(actor: Actor, account: Account, password: str | None = None) -> None:
    """Let somebody in again: active, no lock-outs, no second factors, and this password or none."""
    # whoever lost a password may have lost the second factor with it, and is asked to set up anew
    reset_lock_outs(username=account.email)
    Authenticator.objects.filter(user=account).delete()
    account.is_active = True
    # A suspended employee may be the only administrator there is: whoever has the server decides.
    if account.user_id is not None and not standing_of(account).may_sign_in:
        unlink(actor, account)
        account.user = None
    old_passwords.remember(account, password_policies.of(account.user_id).history)
    account.set_password(password)
    account.password_set_at, account.password_expires_at = timezone.now(), None
    account.save(update_fields=["is_active", "password", *DATES])
    recording.record(actor, Action.ADMINISTRATOR_RESET, account_target(account))


@transaction.atomic
def set_language(actor: Actor, account: Account, language: str) -> None:
    """The language of this person's pages and e-mails, a code of `LANGUAGES`."""
    if account.language == language:
        return
    before, account.language = account.language, language
    account.save(update_fields=["language"])
    recording.record(
        actor,
        Action.ACCOUNT_LANGUAGE_CHANGE,
        account_target(account),
        before={"language": before},
        after={"language": language},
    )


@transaction.atomic
def link(actor: Actor, account: Account, user: User) -> None:
    """Say that this account is that directory user's; nothing else joins two that are there.

    Raises:
        AlreadyLinkedError: the account has another user, or the user another account.
        User.DoesNotExist: the user was deleted meanwhile.
    """
    # The user first, as everywhere. An import that makes the user somebody's holds it from its
    # look at the account on: either it sees this one, or this one comes after it.
    user = User.objects.select_for_update().get(pk=user.pk)
    account = _locked(account)
    if account.user_id == user.pk:
        return
    if account.user_id is not None:
        raise AlreadyLinkedError
    account.user = user
    try:
        with transaction.atomic():
            account.save(update_fields=["user"])
    except IntegrityError:
        raise AlreadyLinkedError from None
    after = {"user": user.username}
    recording.record(actor, Action.ACCOUNT_USER_LINK, account_target(account), after=after)


def offered(account: Account) -> User | None:
    """The user with this administrator's e-mail, whom nobody else's account stands for.

    Only one with access: whoever accepts a suspended one would be shut out by it.
    """
    if account.user_id is not None or not account.roles:
        return None
    free = User.objects.filter(email=account.email, account=None, state=State.ACTIVATED)
    return free.filter(account_locked=False, password_expired=False).first()


@transaction.atomic
def accept(actor: Actor, account: Account) -> None:
    """Link the account with the user who is offered; the administrator, signed in, has said so.

    Raises:
        NothingOfferedError: there is none, or none any more.
    """
    user = offered(_locked(account))
    if user is None:
        raise NothingOfferedError
    link(actor, account, user)


@transaction.atomic
def unlink(actor: Actor, account: Account) -> None:
    """Release the account from its directory user; without one, nothing changes."""
    account = _locked(account)
    if account.user is None:
        return
    before, account.user = {"user": account.user.username}, None
    account.save(update_fields=["user"])
    recording.record(actor, Action.ACCOUNT_USER_UNLINK, account_target(account), before=before)


def _locked(account: Account) -> Account:
    """The account as it is now, which stays so until the transaction ends."""
    return Account.objects.select_for_update().get(pk=account.pk)


def _locked_with_administrators(account: Account) -> Account:
    """The same, and nobody else gains or loses the role Administrator meanwhile.

    Two administrators who demote each other at the same moment would otherwise both find the other
    one still there. All are locked in one order, so that the two wait and do not block each other.
    """
    administrators = AccountRole.objects.filter(role=Role.ADMINISTRATOR).values("account")
    concerned = Account.objects.filter(Q(pk=account.pk) | Q(pk__in=administrators))
    list(concerned.select_for_update().order_by("pk"))
    return Account.objects.get(pk=account.pk)


def _grant(account: Account, roles: frozenset[Role]) -> None:
    gained = roles - account.roles
    account.role_grants.exclude(role__in=roles).delete()
    AccountRole.objects.bulk_create(AccountRole(account=account, role=role) for role in gained)


def _state(roles: Collection[Role], is_active: bool) -> dict[str, Any]:
    return {"roles": _named(roles), "is_active": is_active}


def _named(roles: Collection[Role]) -> list[str]:
    return sorted(role.value for role in roles)
