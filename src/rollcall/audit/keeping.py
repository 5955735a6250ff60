"""How long events are kept: as the portal says it, else as the installation's settings do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.models import Keeping
from rollcall.audit.recording import Target, record

EVENTS = Target("settings", name="events")


@dataclass(frozen=True, slots=True)
class Kept:
    """How long each kind of event is kept; sign-ins never longer than the others."""

    sign_ins: timedelta
    others: timedelta


def current() -> Kept:
    """How long events are kept now."""
    chosen = Keeping.the()
    others = _of(chosen.others_days, settings.KEEP_RUNS)
    return Kept(min(others, _of(chosen.sign_ins_days, settings.KEEP_SIGN_INS)), others)


@transaction.atomic
def choose(actor: Actor, sign_ins_days: int | None, others_days: int | None) -> None:
    """Keep events for so many days; None is what the installation's settings say."""
    chosen = Keeping.the()
    before = _shown(chosen)
    chosen.sign_ins_days, chosen.others_days = sign_ins_days, others_days
    after = _shown(chosen)
    if after != before:
        chosen.save()
        record(actor, Action.SETTINGS_EVENTS_SAVE, EVENTS, before=before, after=after)


def _of(days: int | None, otherwise: timedelta) -> timedelta:
    return otherwise if days is None else timedelta(days=days)


def _shown(keeping: Keeping) -> dict[str, Any]:
    return {
        "keep_sign_ins_days": keeping.sign_ins_days,
        "keep_other_events_days": keeping.others_days,
    }
