"""The recovery e-mail: a second address for the link of a forgotten password, once it is proved.

It stands with the user, where an import or the API may write another one. A link goes there only
while it is the very address whose owner has followed a link to it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac

from rollcall.accounts.actors import account_target
from rollcall.accounts.letters import Kind
from rollcall.accounts.mail_texts import Writer
from rollcall.accounts.models import Account
from rollcall.accounts.services import valid_email
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.core import emails
from rollcall.core.actor import Actor
from rollcall.directory import services as directory
from rollcall.directory.services import HAND, UserChange
from rollcall.mail import outbox

SALT: Final = "rollcall.accounts.recovery"
PAUSE: Final = timedelta(minutes=1)
LIFETIME: Final = timedelta(hours=1)
"""How long the link works that proves an address."""


def address_of(account: Account) -> str:
    """The proved recovery e-mail of this account's user; "" where there is none."""
    user = account.user
    address = emails.normalize(user.recoveryEmail) if user else ""
    return address if address and _digest(address) == account.recovery_verified else ""


@transaction.atomic
def begin(account: Account, address: str, base_url: str) -> bool:
    """Send the link that proves this address; until it is followed nothing changes.

    False where one was sent within the last minute: nobody fills strangers' mailboxes in our name.

    Raises:
        EmailMalformedError: it is no address.
    """
    if not cache.add(f"recovery {account.pk}", True, PAUSE.total_seconds()):
        return False
    account.recovery_pending = valid_email(address)
    account.save(update_fields=["recovery_pending"])
    # The address itself stands in no link: links are kept in logs and histories.
    token = signing.dumps([account.pk, _digest(account.recovery_pending)], salt=SALT)
    link = base_url.rstrip("/") + reverse("me-recovery-confirm", kwargs={"token": token})
    first_name = account.user.firstname if account.user else ""
    values = {"first_name": first_name, "link": link}
    writer = Writer(Kind.RECOVERY_ADDRESS)
    message = writer.write(account.recovery_pending, account.language, values)
    outbox.try_post(message, purpose="recovery", expires=LIFETIME)
    return True


def is_pending(account: Account, token: str) -> bool:
    """Whether this link proves the address that the account waits for."""
    try:
        said = signing.loads(token, salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return False
    waiting = account.recovery_pending
    return bool(waiting) and said == [account.pk, _digest(waiting)]


@transaction.atomic
def confirm(actor: Actor, account: Account, token: str) -> bool:
    """Make the address that waits the recovery e-mail; False where the link has ended."""
    account = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if account.user_id is None or not is_pending(account, token):
        return False
    address = account.recovery_pending
    account.recovery_pending, account.recovery_verified = "", _digest(address)
    account.save(update_fields=["recovery_pending", "recovery_verified"])
    directory.update_users(actor, HAND, [UserChange(account.user_id, {"recoveryEmail": address})])
    recording.record(actor, Action.ACCOUNT_RECOVERY_EMAIL, account_target(account))
    return True


@transaction.atomic
def remove(actor: Actor, account: Account) -> None:
    """Have no recovery e-mail any more."""
    account.recovery_pending = account.recovery_verified = ""
    account.save(update_fields=["recovery_pending", "recovery_verified"])
    if account.user_id is not None:
        directory.update_users(actor, HAND, [UserChange(account.user_id, {"recoveryEmail": ""})])


def _digest(address: str) -> str:
    return salted_hmac(SALT, emails.normalize(address), algorithm="sha256").hexdigest()
