"""One-time links that set a password: made, found and used up here."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from rollcall.accounts import account_mail, services
from rollcall.accounts.actors import account_target
from rollcall.accounts.models import Account, OneTimeLink
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.core import emails

SALT: Final = "rollcall.accounts.one_time_links"
LIFETIME: Final = timedelta(days=2)
"""How long a link works that an administrator is given."""


def make(account: Account | None) -> str:
    """A new link's token for this account (None: the first start); earlier ones end."""
    OneTimeLink.objects.filter(account=account).delete()
    token = secrets.token_urlsafe(32)
    _link(token, account, LIFETIME).save(force_insert=True)
    return token


def password_link(account: Account, base_url: str) -> str:
    """The address of a new link with which somebody sets the password of this account."""
    return _address(make(account), base_url)


def password_links(
    accounts: Collection[Account],
    base_url: str,
    lifetime: timedelta,
    sent_to: Mapping[int, str] = MappingProxyType({}),
) -> dict[int, str]:
    """The same for many, by account; two statements for a thousand.

    `sent_to` are the addresses, by account, to which the links are bound: one that was mistyped,
    and is corrected, gives whoever reads there nothing.
    """
    end(*accounts)
    tokens = {account.pk: secrets.token_urlsafe(32) for account in accounts}
    links = [
        _link(tokens[account.pk], account, lifetime, sent_to.get(account.pk, ""))
        for account in accounts
    ]
    OneTimeLink.objects.bulk_create(links)
    return {pk: _address(token, base_url) for pk, token in tokens.items()}


def end(*accounts: Account) -> None:
    """End all links of these accounts."""
    OneTimeLink.objects.filter(account__in=[account.pk for account in accounts]).delete()


@transaction.atomic
def issue(actor: Actor, account: Account, base_url: str) -> str:
    """The same, for an administrator who hands the link on: an event says so."""
    recording.record(actor, Action.ADMINISTRATOR_LINK, account_target(account))
    return password_link(account, base_url)


def find(token: str) -> OneTimeLink | None:
    """The link of this token, unless it was used, is too old, or went to a former address."""
    now = timezone.now()
    links = OneTimeLink.objects.select_related("account__user")
    link = links.filter(token_hash=_hash(token), expires_at__gt=now).first()
    return link if link is not None and _is_bound_still(link) else None


def use(link: OneTimeLink) -> bool:
    """End the link; False when somebody else was quicker."""
    # deleting is what decides: of two requests with one link, one finds it gone
    deleted, _ = OneTimeLink.objects.filter(pk=link.pk).delete()
    return deleted == 1


@transaction.atomic
def set_password(actor: Actor, link: OneTimeLink, password: str) -> bool:
    """Set the password of the link's account, once; False when the link was used meanwhile."""
    # Used up in the transaction of the password: where that is not stored, the link still works.
    if link.account is None or not use(link):
        return False
    is_first = not link.account.has_usable_password()
    services.set_password(actor, link.account, password)
    if is_first:
        account_mail.welcome(link.account)
    return True


def _link(
    token: str, account: Account | None, lifetime: timedelta, address: str = ""
) -> OneTimeLink:
    return OneTimeLink(
        token_hash=_hash(token),
        account=account,
        expires_at=timezone.now() + lifetime,
        address=_digest(address) if address else "",
    )


def _is_bound_still(link: OneTimeLink) -> bool:
    if not link.address or link.account is None:
        return True
    user = link.account.user
    theirs = (user.email, user.alternateEmail) if user else (link.account.email,)
    return link.address in {_digest(address) for address in theirs if address}


def _digest(address: str) -> str:
    return salted_hmac(SALT, emails.normalize(address), algorithm="sha256").hexdigest()


def _address(token: str, base_url: str) -> str:
    return base_url.rstrip("/") + reverse("set-password", kwargs={"token": token})


def _hash(token: str) -> str:
    # a plain hash does for 256 random bits: there is nothing to guess from a dictionary
    return hashlib.sha256(token.encode()).hexdigest()
