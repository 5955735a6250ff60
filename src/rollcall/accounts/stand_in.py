"""An account that is nobody's, for which all is done that would be done for somebody.

Whoever asks for a stranger's e-mail is answered as for a known one. That the answer takes as long,
and that it costs as much, comes of doing the same: so many statements, so many hashes.
"""

from __future__ import annotations

from typing import Final

from django.utils.crypto import salted_hmac

from rollcall.accounts.models import Account
from rollcall.audit.recording import Target
from rollcall.core import emails

# A key that no row is ever given: they begin at 1.
NOBODYS: Final = 0
"""The key of no account."""


def make(email: str) -> Account:
    """Nobody's account with this e-mail."""
    account = Account(pk=NOBODYS, email=emails.normalize(email))
    account.set_unusable_password()
    return account


def is_one(account: Account) -> bool:
    """Whether it is nobody's."""
    return account.pk == NOBODYS


def target(account: Account) -> Target:
    """What an event about it is about: alike for one e-mail, which cannot be read from it."""
    digest = salted_hmac("rollcall.accounts.stand_in", account.email).hexdigest()
    return Target("administrator", f"unknown-{digest[:16]}")
