"""The e-mail that activates an account: its link sets a password, once, within seven days."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from rollcall.accounts import one_time_links
from rollcall.accounts.activation import LINK_LIFETIME
from rollcall.accounts.letters import Kind
from rollcall.accounts.mail_texts import Writer
from rollcall.accounts.models import Account
from rollcall.accounts.services import valid_email
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Entry, Target, record_many
from rollcall.core import emails
from rollcall.directory.models import User
from rollcall.mail import outbox


class Mailbox(enum.StrEnum):
    """Which of a user's addresses gets the e-mail (JumpCloud: alternate or company e-mail)."""

    COMPANY = "company"
    ALTERNATE = "alternate"


TYPED: Final = "other"
"""The mailbox of an address that is none of the user's."""


@dataclass(frozen=True, slots=True)
class Letter:
    """An account's e-mail and where it goes."""

    account: Account
    address: str
    mailbox: str


def letters(accounts: Sequence[Account], mailbox: Mailbox) -> list[Letter]:
    """A letter for each account whose user has this address; the others get none."""
    by_id = User.objects.in_bulk([str(account.user_id) for account in accounts])
    drafts = (
        Letter(account, _address(by_id.get(str(account.user_id)), mailbox), mailbox.value)
        for account in accounts
    )
    return [letter for letter in drafts if letter.address]


def letter_to(account: Account, address: str) -> Letter:
    """A letter to an address that somebody has typed; it is stored with nobody.

    Raises:
        EmailMalformedError: it is none.
    """
    return Letter(account, valid_email(address), TYPED)


@transaction.atomic
def send(actor: Actor, wanted: Sequence[Letter], base_url: str) -> int:
    """Post these letters, each with a new link; earlier links end. How many are on their way.

    The same few statements for one and for hundreds.
    """
    accounts = [letter.account for letter in wanted]
    # A typed address is nobody's, and the link to it is bound to none.
    bound = {each.account.pk: each.address for each in wanted if each.mailbox != TYPED}
    links = one_time_links.password_links(accounts, base_url, LINK_LIFETIME, bound)
    writer = Writer(Kind.ACTIVATION)
    names = dict(
        User.objects.filter(account__in=[account.pk for account in accounts]).values_list(
            "pk", "firstname"
        )
    )
    messages = [
        _message(
            writer, letter, names.get(str(letter.account.user_id), ""), links[letter.account.pk]
        )
        for letter in wanted
    ]
    posted = outbox.post_many(messages, purpose="activation", expires=LINK_LIFETIME)
    sent = [letter for letter, went in zip(wanted, posted, strict=True) if went]
    record_many(actor, Action.USER_ACTIVATION_EMAIL, [_entry(letter) for letter in sent])
    return len(sent)


def _message(writer: Writer, letter: Letter, first_name: str, link: str) -> EmailMultiAlternatives:
    values = {"first_name": first_name, "link": link, "days": str(LINK_LIFETIME.days)}
    return writer.write(letter.address, letter.account.language, values)


def _entry(letter: Letter) -> Entry:
    account = letter.account
    # Which of the addresses and not what it is: a typed one belongs to nobody that can be erased.
    return Entry(
        Target("user", str(account.user_id), account.email), after={"mailbox": letter.mailbox}
    )


def _address(user: User | None, mailbox: Mailbox) -> str:
    if user is None:
        return ""
    address = emails.normalize(user.alternateEmail) if mailbox is Mailbox.ALTERNATE else user.email
    return address if emails.is_valid(address) else ""
