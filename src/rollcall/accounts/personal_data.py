"""What is kept of who can sign in: the account with its factors, sessions and failed sign-ins."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessAttemptExpiration, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.db.models import Q

from rollcall.accounts import services
from rollcall.accounts.models import (
    Account,
    AccountRole,
    ApiKey,
    OldPassword,
    OneTimeLink,
    SentForm,
)
from rollcall.accounts.user_models import SshKey, UserFactors
from rollcall.core import emails
from rollcall.core.actor import Actor
from rollcall.privacy.registry import Impersonal, PersonalRecords, Rows, Statement
from rollcall.privacy.subject import Subject


def _identify(text: str) -> Iterable[Subject]:
    key = text.removeprefix("account:")
    asked = Q(email=emails.normalize(text)) | Q(user=text.removeprefix("user:"))
    # A longer number is more than the column can be compared with.
    if text.startswith("account:") and key.isdecimal() and len(key) < 18:
        asked |= Q(pk=key)
    asked |= Q(user__username__iexact=text) | Q(user__email=emails.normalize(text))
    for account in Account.objects.filter(asked):
        yield Subject(
            user_id=account.user_id or "",
            account_id=str(account.pk),
            emails=frozenset({account.email}),
        )


def _account_rows(subject: Subject) -> Rows:
    if not subject.account_id:
        return ()
    key = int(subject.account_id)
    return (
        Account.objects.filter(pk=key),
        AccountRole.objects.filter(account=key),
        OneTimeLink.objects.filter(account=key),
        Authenticator.objects.filter(user=key),
        OldPassword.objects.filter(account=key),
        UserSession.objects.filter(user=key),
        EmailAddress.objects.filter(user=key),
        EmailConfirmation.objects.filter(email_address__user=key),
        Session.objects.filter(pk__in=_sessions(subject.account_id)),
    )


def _sessions(account_id: str) -> list[str]:
    """The keys of the account's sessions; whose one is stands inside of it only."""
    return [
        session.session_key
        for session in Session.objects.iterator(chunk_size=500)
        if session.get_decoded().get("_auth_user_id") == account_id
    ]


def _erase_account(subject: Subject, actor: Actor) -> int:
    """Raises LastAdministratorError: nobody else is an active administrator."""
    rows = sum(rows.count() for rows in _account_rows(subject))
    if not rows:
        return 0
    # Django's sessions have no column for whose they are: they do not go with the account.
    Session.objects.filter(pk__in=_sessions(subject.account_id)).delete()
    services.delete(actor, Account.objects.get(pk=subject.account_id))
    return rows


def _keep_an_administrator(subject: Subject) -> None:
    """Raises LastAdministratorError: nobody else is an active administrator."""
    for account in Account.objects.filter(pk=subject.account_id or 0):
        services.keep_an_administrator(account, (), is_active=False)


def _user_rows(subject: Subject) -> Rows:
    if not subject.user_id:
        return ()
    return (
        SshKey.objects.filter(user=subject.user_id),
        UserFactors.objects.filter(user=subject.user_id),
    )


def _erase_user_rows(subject: Subject, actor: Actor) -> int:
    return sum(rows.delete()[0] for rows in _user_rows(subject))


def _attempt_rows(subject: Subject) -> Rows:
    tried = Q(username__in=subject.emails)
    return (
        AccessAttempt.objects.filter(tried),
        AccessAttemptExpiration.objects.filter(access_attempt__username__in=subject.emails),
        AccessLog.objects.filter(tried),
        AccessFailureLog.objects.filter(tried),
    )


def _erase_attempts(subject: Subject, actor: Actor) -> int:
    rows = sum(rows.count() for rows in _attempt_rows(subject))
    for attempts in _attempt_rows(subject):
        attempts.delete()
    return rows


def _key_rows(subject: Subject) -> Rows:
    return (ApiKey.objects.filter(created_by__in=subject.emails),)


def _erase_keys(subject: Subject, actor: Actor) -> int:
    """The keys go on working: they are the organization's, and revoked by a verb of their own."""
    return sum(keys.update(created_by="") for keys in _key_rows(subject))


def _form_rows(subject: Subject) -> Rows:
    # An id stands in no other one: they are of one length, and of random letters.
    return (SentForm.objects.filter(address__contains=subject.user_id),) if subject.user_id else ()


def _erase_forms(subject: Subject, actor: Actor) -> int:
    return sum(rows.delete()[0] for rows in _form_rows(subject))


STATEMENT = Statement(
    records=(
        PersonalRecords(
            name="accounts",
            columns=(
                "accounts.Account",
                "accounts.AccountRole",
                "accounts.OneTimeLink",
                "mfa.Authenticator",
                "accounts.OldPassword",
                "usersessions.UserSession",
                "account.EmailAddress",
                "account.EmailConfirmation",
                "sessions.Session",
            ),
            rows=_account_rows,
            erase=_erase_account,
            identify=_identify,
            allow=_keep_an_administrator,
            secret=frozenset(
                {
                    "password",
                    "hashed",
                    "token_hash",
                    "address",
                    "recovery_verified",
                    "data",
                    "key",
                    "session_key",
                    "session_data",
                }
            ),
        ),
        PersonalRecords(
            name="failed sign-ins",
            columns=(
                "axes.AccessAttempt",
                "axes.AccessAttemptExpiration",
                "axes.AccessLog",
                "axes.AccessFailureLog",
            ),
            rows=_attempt_rows,
            erase=_erase_attempts,
        ),
        PersonalRecords(
            name="SSH keys and rules for factors",
            columns=("accounts.SshKey", "accounts.UserFactors"),
            rows=_user_rows,
            erase=_erase_user_rows,
        ),
        PersonalRecords(
            name="who made API keys",
            columns=("accounts.ApiKey.created_by",),
            rows=_key_rows,
            erase=_erase_keys,
            secret=frozenset({"hashed", "prefix"}),
        ),
        PersonalRecords(
            name="forms that were sent",
            columns=("accounts.SentForm",),
            rows=_form_rows,
            erase=_erase_forms,
            secret=frozenset({"digest"}),
        ),
    ),
    impersonal=(
        Impersonal(
            (
                "accounts.ApiKey.id",
                "accounts.ApiKey.name",
                "accounts.ApiKey.prefix",
                "accounts.ApiKey.hashed",
                "accounts.ApiKey.form",
            ),
            "what a key is for, and how it is told",
        ),
        Impersonal(
            (
                "accounts.PasswordPolicy",
                "accounts.PasswordPolicy_groups",
                "accounts.EmailText",
                "accounts.EmailLook",
            ),
            "what the organization asks of passwords, and how its e-mails are worded",
        ),
        Impersonal(("accounts.RoleRule",), "what holds for a role, whoever has it"),
        Impersonal(
            ("accounts.FactorSettings", "accounts.FactorGroup", "accounts.EditableAttribute"),
            "what holds for everybody, or for a group",
        ),
        Impersonal(("accounts.RecentAttempt",), "keyed digests, and moments, for some minutes"),
        Impersonal(
            ("auth.Permission", "auth.Group", "auth.Group_permissions", "contenttypes.ContentType"),
            "Django's own words for models; Rollcall gives nobody rights with them",
        ),
    ),
)
