"""What the job engine stores: living processes, the clock, and who holds a piece of work."""

from __future__ import annotations

from typing import Any

from django.db import models


class Worker(models.Model):
    """A living process that carries out work, and when it was last heard of.

    `place` is where its pid means something: this start of this kernel, and the name space of pids
    in it; "" where that is not known. `process_started` is when the kernel began the process, in
    its ticks: with it a pid that another program was given since is not taken for the process.
    `carries` are the keys of the work that it is at.
    """

    executor = models.CharField(primary_key=True, max_length=64)
    host = models.CharField(max_length=255)
    place = models.CharField(max_length=128, blank=True, default="")
    pid = models.PositiveIntegerField()
    process_started = models.FloatField()
    beat_at = models.DateTimeField()
    carries: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)

    def __str__(self) -> str:
        return self.executor


class ClockReading(models.Model):
    """What this installation's clock said when a worker last read it (`jobs.clock`): one row.

    `leapt_from` and `leapt_to` are a step that it has made and for which it is doubted.
    """

    at = models.DateTimeField()
    leapt_from = models.DateTimeField(null=True, blank=True)
    leapt_to = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"read at {self.at}"


class LeasedWork(models.Model):
    """Work that exactly one living process carries out at a time (`jobs.lease`).

    `executor` is the process that holds it; "" where anybody may take it. `epoch` rises whenever
    the work changes hands, so that a process which slept through that can tell its own turn from
    a later one, even one that it was given itself. `held_at` is when it was taken last.
    """

    executor = models.CharField(max_length=64, blank=True, default="")
    epoch = models.PositiveIntegerField(default=0)
    held_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
