"""How patiently and how much at once JumpCloud is asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait and how much to do at once; times in seconds.

    JumpCloud publishes no limit: its own client waits 1 s after a failed call, doubling with
    jitter up to 30 s. `patience` is how long a bulk job may go without any news of a user before
    the users are looked up instead, `most_polls` how often its results are asked for at the most.
    """

    first_wait: float = 1.0
    longest_wait: float = 30.0
    attempts: int = 8
    timeout: float = 30.0
    first_poll: float = 0.4
    longest_poll: float = 10.0
    patience: float = 60.0
    most_polls: int = 200
    at_once: int = 4
