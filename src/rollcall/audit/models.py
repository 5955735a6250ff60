"""What the audit trail stores: one entry for each change made by a person or a key."""

from __future__ import annotations

from typing import Any

from django.db import models


class AuditEntry(models.Model):
    """One change made by a person or a key: who, when, from where, what, before and after."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.CharField(max_length=255)
    source = models.CharField(max_length=16)
    address = models.CharField(max_length=64, blank=True, default="")
    action = models.CharField(max_length=64)
    target_type = models.CharField(max_length=32, blank=True, default="")
    target_id = models.CharField(max_length=64, blank=True, default="", db_index=True)
    target = models.CharField(max_length=255, blank=True, default="")
    before: models.JSONField[Any, Any] = models.JSONField(default=dict)
    after: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["action", "at"], name="audit_action_at"),
            models.Index(fields=["source", "at"], name="audit_source_at"),
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor}"
