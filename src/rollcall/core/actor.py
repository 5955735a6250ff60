"""Who does something, and through which door: the value that every write carries with it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final


class Initiator(enum.StrEnum):
    """What kind of initiator an event has (Directory Insights, `initiated_by.type`)."""

    ADMIN = "admin"
    USER = "user"
    API_KEY = "api_key"
    SYSTEM = "system"


class Door(enum.StrEnum):
    """Where a request came in."""

    PORTAL = "portal"
    API = "api"
    SCIM = "scim"
    SSO = "sso"
    CLI = "cli"
    SCHEDULE = "schedule"
    IMPORT = "import"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: an administrator, a user, an API key, or Rollcall itself.

    `name` is what people know the actor by (an e-mail, a key's label, an operating-system user),
    `id` the key of the account, user or API key where there is one, `address` the client's IP
    address where the request came over a network.
    """

    type: Initiator
    door: Door
    name: str
    id: str = ""
    address: str = ""


ROLLCALL: Final = Actor(Initiator.SYSTEM, Door.SYSTEM, "Rollcall")
"""Who does what nobody asked for."""
