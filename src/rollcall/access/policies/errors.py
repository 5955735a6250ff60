"""Why a change of the policies is not made; nothing has changed.

PolicyError
├── Gone                 there is no such policy or IP list
├── InUse                policies name the IP list
└── NeedsConfirmation    it would keep out too many, or the last administrator
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rollcall.access.policies.foresight import Foresight


class PolicyError(Exception):
    """What was asked is not done."""


class Gone(PolicyError):
    """There is no such policy or IP list."""


class InUse(PolicyError):
    """These policies name the IP list; without it they would hold for nobody."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class NeedsConfirmation(PolicyError):
    """The change is grave; it is made when it is asked for again with a confirmation."""

    def __init__(self, foresight: Foresight) -> None:
        super().__init__("; ".join(foresight.reasons()))
        self.foresight = foresight
