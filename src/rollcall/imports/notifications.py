"""How the organization wants to hear of imports: chosen, and the choice recorded."""

from __future__ import annotations

from django.db import transaction

from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor
from rollcall.audit.recording import Target, record
from rollcall.mail.models import Notifications


@transaction.atomic
def choose(actor: Actor, *, live_threshold: int, sender: str) -> None:
    """From how many people on an import sends an e-mail, and from whom ("": the settings' own)."""
    chosen = Notifications.the()
    before = _shown(chosen)
    chosen.live_threshold, chosen.sender = live_threshold, sender
    chosen.save()
    target = Target("settings", str(chosen.pk), "notifications")
    after = _shown(chosen)
    record(actor, Action.SETTINGS_NOTIFICATIONS_SAVE, target, before=before, after=after)


def _shown(chosen: Notifications) -> dict[str, object]:
    return {"live_threshold": chosen.live_threshold, "sender": chosen.sender}
