"""The batches of a run: its plan's writes cut into parts, each known by its bounds."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias
from uuid import UUID

from rollcall.database.bulk_insert import in_parts
from rollcall.imports.models import BatchRecord

Bounds: TypeAlias = "tuple[int, int, int]"
"""A batch of writes: its wave, and the numbers of the first and the last change in it."""


PREFIX = "apply-"
"""How the names of batches of writes begin."""


def cut(writes: Iterable[tuple[int, int]], size: int) -> tuple[int, list[Bounds]]:
    """How many writes these are, and their batches of at most `size`, none of them over two waves.

    A write is given as its wave and its change's number; they come in this order.
    """
    number = 0
    batches: list[Bounds] = []
    # Never over two waves: the second must find everybody of the first written.
    for wave, those in groupby(writes, key=itemgetter(0)):
        for some in in_parts((seq for _, seq in those), size):
            batches.append((wave, some[0], some[-1]))
            number += len(some)
    return number, batches


def store_batches(run_id: UUID, batches: Iterable[Bounds]) -> None:
    """Write down how the run's plan was cut."""
    BatchRecord.objects.bulk_create(
        BatchRecord(run_id=run_id, name=name_of(place), wave=wave, first=first, last=last)
        for place, (wave, first, last) in enumerate(batches)
    )


def batches_of(run_id: UUID) -> list[Bounds]:
    """The batches that were written down, in the order in which they are carried out."""
    batches = BatchRecord.objects.filter(run=run_id, name__startswith=PREFIX)
    return list(batches.order_by("wave", "first").values_list("wave", "first", "last"))


def name_of(place: int) -> str:
    """The name of the batch at this place."""
    return f"{PREFIX}{place}"
