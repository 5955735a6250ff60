"""What each room has to carry out: its workflows, and what is done for it every so often.

A room registers when its Django app is ready. What it registers are functions and names only, so
that a command which carries nothing out never loads the durable engine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

_works: dict[str, Work] = {}


@dataclass(frozen=True, slots=True)
class Chore:
    """Something done again and again by itself: `run` every `seconds`, beginning at once.

    What `run` raises because the database is away is noted in the log, and it is tried again in
    time. It must be harmless for several processes to do it at the same moment.
    """

    name: str
    seconds: float
    run: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Work:
    """What one room has to carry out.

    `load` imports the modules whose workflows the engine has to know before it starts. `prepare`
    is called when a worker starts. `worker_chores` are done by workers, `chores` by every process
    that carries out work, a command that does one thing and goes included.
    """

    room: str
    load: Callable[[], None] = lambda: None
    prepare: Callable[[], None] = lambda: None
    worker_chores: tuple[Chore, ...] = ()
    chores: tuple[Chore, ...] = ()


def register(work: Work) -> None:
    """Let this room's work be carried out; a room that registers again replaces what it said."""
    _works[work.room] = work


def works() -> tuple[Work, ...]:
    """What every room has registered, in the order of registering."""
    return tuple(_works.values())
