"""The rules of one import: everything that an administrator may decide about it."""

from __future__ import annotations

from dataclasses import dataclass

from rollcall.core.usernames import EVERYWHERE
from rollcall.provisioning.mapping import DEFAULT_MAPPING, AttributeMapping
from rollcall.provisioning.user import State


@dataclass(frozen=True, slots=True)
class Rules:
    """What a plan follows.

    `default_state` is the state of users that the import makes. `reactivation_allowed` lets a
    suspended user whose employee is back be active again, `activate_staged` lets a staged one whose
    employee works be active. `complete` says that the source was read to the end and consistently;
    an incomplete read may create and update, and never suspends a user, empties a field or takes a
    manager away. `username_length` is what a username that is made is cut to, in characters; nobody
    who has one is renamed.

    Raises:
        ValueError: `default_state` is suspended.
    """

    mapping: AttributeMapping = DEFAULT_MAPPING
    default_state: State = State.STAGED
    reactivation_allowed: bool = False
    activate_staged: bool = False
    complete: bool = True
    username_length: int = EVERYWHERE

    def __post_init__(self) -> None:
        if self.default_state is State.SUSPENDED:
            raise ValueError("default_state: a new user is STAGED or ACTIVATED, never SUSPENDED")
