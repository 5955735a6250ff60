"""A built-in directory that something happens to in the middle of an import."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from rollcall.audit.actor import Actor
from rollcall.provisioning.change import Change, Outcome
from rollcall.targets.base import Journal
from rollcall.targets.builtin.target import BuiltinTarget


class Eventful(BuiltinTarget):
    """The built-in directory in batches of `batch_size`, with an event at one of them.

    `before` is called before that batch is written; `within` in the batch's own transaction, after
    its users were written and before their outcomes are.
    """

    def __init__(self, at: int, before: Callable[[], None], within: Callable[[], None]) -> None:
        super().__init__("")
        self.batch_size = 10
        self._at = at
        self._before = before
        self._within = within

    def apply(self, changes: Sequence[Change], journal: Journal) -> None:
        """Write the batch; the event happens once, at the batch that it is set for."""
        self._at -= 1
        if self._at:
            super().apply(changes, journal)
            return
        self._before()
        super().apply(changes, _Interrupted(journal, self._within))


class _Interrupted:
    """A journal that lets something happen just before outcomes are recorded."""

    def __init__(self, journal: Journal, event: Callable[[], None]) -> None:
        self._journal = journal
        self._event = event
        self.begin, self.job, self.record_job = journal.begin, journal.job, journal.record_job
        self.prove = journal.prove

    def record(self, outcomes: Sequence[Outcome]) -> None:
        self._event()
        self._journal.record(outcomes)


def _nothing() -> None:
    pass


def something_happens(
    monkeypatch: pytest.MonkeyPatch,
    at: int = 3,
    before: Callable[[], None] = _nothing,
    within: Callable[[], None] = _nothing,
) -> None:
    """Let imports write to an `Eventful` directory from now on."""
    eventful = Eventful(at, before, within)

    def opened(source: str, actor: Actor) -> Eventful:
        eventful.source, eventful.actor = source, actor
        return eventful

    monkeypatch.setattr("rollcall.targets.builtin.target.BuiltinTarget", opened)
