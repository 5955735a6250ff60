"""What is wrong with a policy or an IP list as somebody wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake: the field where it is (`conditions.all.0.expression`), and what it is."""

    field: str
    text: str

    def __str__(self) -> str:
        return f"{self.field}: {self.text}"


class Malformed(ValueError):
    """It cannot be kept as it is; `faults` says why, the first first."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults: Sequence[Fault] = faults
