"""One's own sign-ins and what was changed about them, the newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rollcall.accounts.actors import account_target
from rollcall.accounts.models import Account
from rollcall.audit.actions import Action
from rollcall.audit.models import Event

SHOWN: Final = 50

ACTIONS: Final[Mapping[str, Promise]] = {
    Action.ACCOUNT_SIGN_IN: _("Signed in"),
    Action.ACCOUNT_SIGN_OUT: _("Signed out"),
    Action.ACCOUNT_SIGN_IN_FAILED: _("Sign-in failed"),
    Action.ACCOUNT_SIGN_IN_REFUSED: _("Sign-in refused"),
    Action.ACCOUNT_SECOND_FACTOR_FAILED: _("Second factor refused"),
    Action.ACCOUNT_LOCKED_OUT: _("Locked out after failed sign-ins"),
    Action.USER_LOCK: _("Locked after failed sign-ins"),
    Action.USER_UNLOCK: _("Unlocked"),
    Action.ACCOUNT_PASSWORD_CHANGE: _("Password changed"),
    Action.ACCOUNT_PASSWORD_SET: _("Password set"),
    Action.ACCOUNT_PASSWORD_RESET: _("Forgotten password replaced"),
    Action.ACCOUNT_SECOND_FACTOR_ADD: _("Second factor added"),
    Action.ACCOUNT_SECOND_FACTOR_REMOVE: _("Second factor removed"),
    Action.ACCOUNT_SECOND_FACTOR_RENEW: _("Recovery codes renewed"),
    Action.ACCOUNT_SECOND_FACTOR_RESET: _("Second factors reset"),
    Action.ACCOUNT_SESSION_END: _("Signed out elsewhere"),
    Action.USER_SSH_KEY_ADD: _("SSH key added"),
    Action.USER_SSH_KEY_REMOVE: _("SSH key removed"),
}
"""What of the audit trail is a person's own business; why something was refused is not."""

BY_OTHERS: Final = frozenset(
    {
        Action.ACCOUNT_PASSWORD_SET,
        Action.ACCOUNT_SECOND_FACTOR_RESET,
        Action.USER_LOCK,
        Action.USER_UNLOCK,
    }
)
"""What an administrator does, whose address is nobody else's business."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One event, in the reader's words."""

    at: datetime
    what: str | Promise
    address: str
    success: bool


def of(account: Account) -> Sequence[Happening]:
    """What happened to this account, the newest first."""
    target = account_target(account)
    events = Event.objects.filter(
        target_id=target.id, target_type=target.type, action__in=list(ACTIONS)
    )
    return [
        Happening(
            event.timestamp,
            ACTIONS[event.action],
            "" if event.action in BY_OTHERS else event.client_ip,
            event.success,
        )
        for event in events.order_by("-timestamp", "-pk")[:SHOWN]
    ]
