"""How long events are kept: sign-ins, of which there are many, for less time than the others."""

from __future__ import annotations

from typing import Final

from django.db.models import Q
from django.utils import timezone

from rollcall.audit import chain, cuts, keeping
from rollcall.audit.actions import Action
from rollcall.audit.actor import ROLLCALL
from rollcall.audit.models import CutReason, Event
from rollcall.jobs.forgetting import most

SIGN_INS: Final = (
    Action.ACCOUNT_SIGN_IN,
    Action.ACCOUNT_SIGN_OUT,
    Action.ACCOUNT_SIGN_IN_FAILED,
    Action.ACCOUNT_SIGN_IN_REFUSED,
    Action.ACCOUNT_SECOND_FACTOR_FAILED,
    Action.ACCOUNT_LOCKED_OUT,
    Action.ACCOUNT_SESSION_END,
    Action.SSO_SIGN_ON,
    Action.SSO_REFUSED,
    Action.SSO_TOKEN_REFUSED,
    Action.SSO_TOKENS_REVOKE,
)
"""What people do every day, and no change of anything: at the portals and at applications."""


def forget() -> int:
    """Delete the events that have been kept long enough, leaving signed cuts; how many.

    How long that is says `keeping`; sign-ins are never kept longer than the others. What cannot be
    sealed at the moment is deleted the next time. One pass deletes a share of all events, the
    oldest first.
    """
    # First, since only what is sealed is deleted.
    chain.seal_due()
    now = timezone.now()
    kept = keeping.current()
    old = Q(timestamp__lt=now - kept.others)
    sign_ins = Q(action__in=SIGN_INS, timestamp__lt=now - kept.sign_ins)
    late = Event.objects.filter(old | sign_ins)
    spared = late.order_by("pk")[most(Event.objects.count()) :].values_list("pk", flat=True).first()
    if spared is not None:
        late = late.filter(pk__lt=spared)
    return cuts.remove(ROLLCALL, late, CutReason.RETENTION)
