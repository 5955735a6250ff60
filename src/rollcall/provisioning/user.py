"""The directory's user, with JumpCloud's field names and limits."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from rollcall.core.user_texts import UserTexts


class State(enum.StrEnum):
    """What a user may do: exist only, have access, or have lost it (JumpCloud v1, `state`)."""

    STAGED = "STAGED"
    ACTIVATED = "ACTIVATED"
    SUSPENDED = "SUSPENDED"


# By name alone: the texts come first, and more of them may come at any time.
@dataclass(frozen=True, slots=True, kw_only=True)
class User(UserTexts):
    """One user of the directory, with the texts that every user has.

    `id` is the directory's own id (24 hex digits). `manager` is the id of another user.
    `external_id` is the employee's id at the source, where the directory keeps one for this user.
    Empty texts are `""`; `employeeIdentifier`, `manager` and `external_id` are None where not set,
    since they are unique or references. `attributes` are the custom attributes by name.
    """

    id: str
    username: str
    email: str
    state: State
    employeeIdentifier: str | None = None
    manager: str | None = None
    external_id: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)
