"""What the job engine stores: the living processes that carry out work."""

from __future__ import annotations

from django.db import models


class Worker(models.Model):
    """A living process that carries out runs, and when it was last heard of."""

    executor = models.CharField(primary_key=True, max_length=64)
    host = models.CharField(max_length=255)
    pid = models.PositiveIntegerField()
    process_started = models.FloatField()
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.executor
