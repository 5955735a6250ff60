"""The e-mail that activates an account: its link sets a password, once, within seven days."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext

from rollcall.accounts import one_time_links
from rollcall.accounts.activation import LINK_LIFETIME
from rollcall.accounts.models import Account
from rollcall.accounts.services import valid_email
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Entry, Target, record_many
from rollcall.core import emails
from rollcall.directory.models import Organization, User
from rollcall.mail import outbox


class Mailbox(enum.StrEnum):
    """Which of a user's addresses gets the e-mail (JumpCloud: alternate or company e-mail)."""

    COMPANY = "company"
    ALTERNATE = "alternate"


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
    return Letter(account, valid_email(address), "other")


@transaction.atomic
def send(actor: Actor, wanted: Sequence[Letter], base_url: str) -> int:
    """Post these letters, each with a new link; earlier links end. How many are on their way.

    The same few statements for one and for hundreds.
    """
    accounts = [letter.account for letter in wanted]
    links = one_time_links.password_links(accounts, base_url, LINK_LIFETIME)
    organization, sender = Organization.the().displayName, outbox.sender()
    messages = [
        _message(letter, links[letter.account.pk], organization, sender) for letter in wanted
    ]
    posted = outbox.post_many(messages, purpose="activation", expires=LINK_LIFETIME)
    sent = [letter for letter, went in zip(wanted, posted, strict=True) if went]
    record_many(actor, Action.USER_ACTIVATION_EMAIL, [_entry(letter) for letter in sent])
    return len(sent)


def _message(letter: Letter, link: str, organization: str, sender: str) -> EmailMultiAlternatives:
    context = {"link": link, "organization": organization}
    text = render_to_string("accounts/activation.txt", context)
    subject = gettext("[Rollcall] Your account at {organization}").format(organization=organization)
    return EmailMultiAlternatives(subject, text, sender, [letter.address])


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
