"""What can stop an import from being started or carried out.

ImportProblem
├── Overlap          another import of this connection is at work
├── WrongState       the run is not where this step of the road begins
└── Unfit            an option or setting cannot be used
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rollcall.core.errors import Problem
from rollcall.sources import registry

if TYPE_CHECKING:
    from rollcall.imports.models import Run


class ImportProblem(Problem):
    """An import cannot be started or go on; the message says what to do next."""


class Overlap(ImportProblem):
    """Another import of the same account into the same directory is at work; two never overlap."""

    def __init__(self, run: Run) -> None:
        label = registry.get(run.connection.source).label
        super().__init__(
            f"run {run.number} of this {label} account is still {run.state}; "
            f"wait for it, or look at it with `rollcall runs show {run.number}`"
        )
        self.run = run


class WrongState(ImportProblem):
    """The run's state does not allow what was asked."""


class Unfit(ImportProblem):
    """An option has a value that cannot be used; the message names both."""
