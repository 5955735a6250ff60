"""What the job engine stores: living processes, and who holds a piece of work."""

from __future__ import annotations

from django.db import models


class Worker(models.Model):
    """A living process that carries out work, and when it was last heard of.

    `process_started` is when the kernel began the process, in its ticks: with it a pid that another
    program was given since is not taken for the process.
    """

    executor = models.CharField(primary_key=True, max_length=64)
    host = models.CharField(max_length=255)
    pid = models.PositiveIntegerField()
    process_started = models.FloatField()
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.executor


class LeasedWork(models.Model):
    """Work that exactly one living process carries out at a time (`jobs.lease`).

    `executor` is the process that holds it; "" where anybody may take it. `epoch` rises whenever
    the work changes hands, so that a process which slept through that can tell its own turn from
    a later one, even one that it was given itself.
    """

    executor = models.CharField(max_length=64, blank=True, default="")
    epoch = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
