"""The batches of a run: its plan's writes cut into parts, each known by its bounds."""

from __future__ import annotations

from typing import TypeAlias
from uuid import UUID

from rollcall.imports.models import BatchRecord

Bounds: TypeAlias = "tuple[int, int, int]"
"""A batch of writes: its wave, and the numbers of the first and the last change in it."""


PREFIX = "apply-"
"""How the names of batches of writes begin."""


class Cut:
    """A plan's writes in batches of at most `size`: they are added by wave, then by their number.

    `writes` is how many they are so far.
    """

    def __init__(self, size: int) -> None:
        self.writes = 0
        self.batches: list[Bounds] = []
        self._size = size
        self._room = 0

    def add(self, wave: int, seq: int) -> None:
        """Put the next write into the last batch, or into a new one."""
        # Never over two waves: the second must find everybody of the first written.
        if self._room and self.batches[-1][0] == wave:
            _, first, _ = self.batches[-1]
            self.batches[-1] = (wave, first, seq)
        else:
            self.batches.append((wave, seq, seq))
            self._room = self._size
        self._room -= 1
        self.writes += 1

    def columns(self) -> dict[str, int]:
        """What the run's own columns say of it."""
        return {"to_apply": self.writes, "batch_count": len(self.batches)}

    def store(self, run_id: UUID) -> None:
        """Write down how the run's plan was cut."""
        BatchRecord.objects.bulk_create(
            BatchRecord(run_id=run_id, name=name_of(place), wave=wave, first=first, last=last)
            for place, (wave, first, last) in enumerate(self.batches)
        )


def batches_of(run_id: UUID) -> list[Bounds]:
    """The batches that were written down, in the order in which they are carried out."""
    batches = BatchRecord.objects.filter(run=run_id, name__startswith=PREFIX)
    return list(batches.order_by("wave", "first").values_list("wave", "first", "last"))


def name_of(place: int) -> str:
    """The name of the batch at this place."""
    return f"{PREFIX}{place}"
