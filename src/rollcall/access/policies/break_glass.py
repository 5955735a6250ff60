"""Break-glass accounts: no policy keeps them out, and every administrator hears of each use."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from rollcall.access.policies.models import BreakGlass
from rollcall.accounts.actors import account_target
from rollcall.accounts.admission import SignIn
from rollcall.accounts.models import Account, Role
from rollcall.audit import recording
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor, Door, Initiator
from rollcall.mail import outbox


def is_one(account_id: int) -> bool:
    """Whether no policy keeps this account out."""
    return BreakGlass.objects.filter(account=account_id).exists()


def use(sign_in: SignIn) -> None:
    """Write the use down, and tell every administrator by e-mail."""
    account = Account.objects.get(pk=sign_in.account_id)
    actor = Actor(Initiator.ADMIN, Door.PORTAL, account.email, str(account.pk), sign_in.address)
    with transaction.atomic():
        recording.record(actor, Action.BREAK_GLASS_USE, account_target(account))
        administrators = Account.objects.with_role(Role.ADMINISTRATOR).filter(is_active=True)
        for administrator in administrators:
            message = _message(administrator, account, sign_in.address)
            outbox.try_post(message, purpose="break-glass")


def _message(to: Account, account: Account, address: str) -> EmailMultiAlternatives:
    with translation.override(to.language or settings.LANGUAGE_CODE):
        subject = gettext("[Rollcall] A break-glass account was used")
        body = gettext(
            "%(email)s has signed in from %(address)s at %(time)s. No policy keeps this account "
            "out. If nobody of you did this, end its sessions and reset its sign-in at once."
        ) % {
            "email": account.email,
            "address": address or "-",
            "time": timezone.localtime().strftime("%Y-%m-%d %H:%M %Z"),
        }
    return EmailMultiAlternatives(subject, body, outbox.sender(), [to.email])
