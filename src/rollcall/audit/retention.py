"""How long events are kept: sign-ins, of which there are many, for less time than the others."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from rollcall.audit import chain, cuts
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
)
SIGN_INS_FOR: Final = timedelta(days=90)
"""As long as Directory Insights keeps its events."""


def forget() -> int:
    """Delete the events that have been kept long enough, leaving signed cuts; how many.

    Sign-ins are kept for 90 days, everything else for as long as `KEEP_RUNS` says; sign-ins never
    longer than that. What cannot be sealed at the moment is deleted the next time. One pass deletes
    a share of all events, the oldest first.
    """
    # First, since only what is sealed is deleted.
    chain.seal_due()
    now = timezone.now()
    old = Q(timestamp__lt=now - settings.KEEP_RUNS)
    sign_ins = Q(action__in=SIGN_INS, timestamp__lt=now - SIGN_INS_FOR)
    late = Event.objects.filter(old | sign_ins)
    spared = late.order_by("pk")[most(Event.objects.count()) :].values_list("pk", flat=True).first()
    if spared is not None:
        late = late.filter(pk__lt=spared)
    return cuts.remove(ROLLCALL, late, CutReason.RETENTION)
