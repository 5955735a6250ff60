"""E-mails to the owners of accounts: locked, about to expire, welcome."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse
from django.utils import timezone

from rollcall.accounts.letters import Kind
from rollcall.accounts.mail_texts import Writer
from rollcall.accounts.models import Account, EmailLook
from rollcall.accounts.portal_address import absolute, base_url
from rollcall.core import emails
from rollcall.directory.models import User
from rollcall.mail import outbox

WORTH_SENDING: Final = timedelta(days=1)


def tell_locked(account: Account, user: User, minutes: int | None) -> None:
    """Tell the user that wrong passwords have locked them."""
    values = {"first_name": user.firstname, "minutes": str(minutes or "")}
    _post(Kind.LOCK_OUT, account, user, values)


def welcome(account: Account) -> None:
    """Welcome somebody who has just set their first password, where the organization wants that."""
    user = account.user
    if user is not None and EmailLook.the().welcomes:
        values = {"first_name": user.firstname, "link": _link("me")}
        _post(Kind.WELCOME, account, user, values)


def warn_of_expiry(accounts: Sequence[Account]) -> int:
    """Tell the owners, who come with their users, in how many days their password expires."""
    if not accounts:
        return 0
    writer, link = Writer(Kind.EXPIRY_WARNING), _link("account_change_password")
    messages = [
        writer.write(
            account.user.email,
            account.language,
            {
                "first_name": account.user.firstname,
                "days": str(_days_until(account.password_expires_at)),
                "link": link,
            },
        )
        for account in accounts
        if account.user is not None and emails.is_valid(account.user.email)
    ]
    return sum(outbox.post_many(messages, purpose="expiry", expires=WORTH_SENDING))


def _post(kind: Kind, account: Account, user: User, values: dict[str, str]) -> None:
    if emails.is_valid(user.email):
        message = Writer(kind).write(user.email, account.language, values)
        outbox.try_post(message, purpose=kind.value, expires=WORTH_SENDING)


def _link(name: str) -> str:
    """The page's address; nothing where nobody has said under which the portal is reached."""
    return absolute(reverse(name)) if base_url() else ""


def _days_until(moment: datetime | None) -> int:
    """Whole days from now on, at least one."""
    return max(1, (moment - timezone.now()).days) if moment else 1
