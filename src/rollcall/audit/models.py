"""What the audit trail stores: one event for each change, refusal, sign-in and export."""

from __future__ import annotations

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone


class Event(models.Model):
    """One thing that happened: who did it, through which door, to what, and how it came out.

    Shaped as Directory Insights shapes an event; `insights.as_insights` shows it in the vendor's
    names. `changes` is a list of `{"field", "from", "to"}`; a side that did not exist is left out.
    Events are written by `recording` and never changed, but for what erasing drops (`chain`).
    """

    timestamp = models.DateTimeField(default=timezone.now, db_index=True)
    service = models.CharField(max_length=32, default="directory")
    event_type = models.CharField(max_length=64)
    action = models.CharField(max_length=64)
    door = models.CharField(max_length=16)
    actor_type = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=64, blank=True, default="")
    actor_name = models.CharField(max_length=255)
    client_ip = models.CharField(max_length=64, blank=True, default="")
    success = models.BooleanField(default=True)
    reason = models.CharField(max_length=255, blank=True, default="")
    target_type = models.CharField(max_length=32, blank=True, default="")
    target_id = models.CharField(max_length=64, blank=True, default="")
    target_name = models.CharField(max_length=255, blank=True, default="")
    changes: models.JSONField[Any, Any] = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    details: models.JSONField[Any, Any] = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        # event_type has no index: the actions that it may be do, and each index is paid for in
        # every bulk write
        indexes = [
            models.Index(fields=["action", "timestamp"], name="audit_action"),
            models.Index(fields=["door", "timestamp"], name="audit_door"),
            models.Index(fields=["actor_name", "timestamp"], name="audit_actor"),
            models.Index(fields=["target_id", "timestamp"], name="audit_target"),
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor_name}"

    @property
    def before(self) -> dict[str, Any]:
        """What the changed fields held before, by field."""
        return {change["field"]: change["from"] for change in self.changes if "from" in change}

    @property
    def after(self) -> dict[str, Any]:
        """What the changed fields hold since, by field."""
        return {change["field"]: change["to"] for change in self.changes if "to" in change}
