"""The directory's user, with JumpCloud's field names and limits."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from rollcall.core.user_texts import UserTexts


class State(enum.StrEnum):
    """What a user may do: exist only, have access, or have lost it (JumpCloud v1, `state`)."""

    STAGED = "STAGED"
    ACTIVATED = "ACTIVATED"
    SUSPENDED = "SUSPENDED"


class Origin(enum.StrEnum):
    """How a user came to be, as far as its directory knows.

    `IMPORT` is a user that some source knows; one whose link to every source was taken off is
    `INTEGRATION`, as is one that another program made in the name of an import.
    """

    HAND = "hand"
    API = "api"
    SCIM = "scim"
    IMPORT = "import"
    INTEGRATION = "integration"
    UNKNOWN = "unknown"


ORIGINS: Final[Mapping[str, Origin]] = {
    "jumpcloud:manual": Origin.HAND,
    "jumpcloud:api": Origin.API,
    "jumpcloud:bulk": Origin.API,
    "jumpcloud:scim": Origin.SCIM,
    "jumpcloud:custom_integration": Origin.INTEGRATION,
}
"""What JumpCloud's word for where a user comes from (v1, `creationSource`) says of one that no
source knows; other words say nothing."""


# By name alone: the texts come first, and more of them may come at any time.
@dataclass(frozen=True, slots=True, kw_only=True)
class User(UserTexts):
    """One user of the directory, with the texts that every user has.

    `id` is the directory's own id (24 hex digits). `manager` is the id of another user.
    `external_id` is the employee's id at the source, where the directory keeps one for this user.
    Empty texts are `""`; `employeeIdentifier`, `manager` and `external_id` are None where not set,
    since they are unique or references. `attributes` are the custom attributes by name.
    `has_account` says that somebody signs in to Rollcall as this user.
    """

    id: str
    username: str
    email: str
    state: State
    employeeIdentifier: str | None = None
    manager: str | None = None
    external_id: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)
    origin: Origin = Origin.UNKNOWN
    has_account: bool = False
