"""Which JumpCloud organization to speak to, with which key, at what pace."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

DEFAULT_URL: Final = "https://console.jumpcloud.com"

PERSONIO_ATTRIBUTE: Final = "personioId"
"""The custom attribute that carries Personio's id where `employeeIdentifier` does not."""


class Identity(enum.Enum):
    """Where new users carry their Personio id.

    `IDENTIFIER`: in `employeeIdentifier` where that is free, else in the custom attribute; a
    number found in `employeeIdentifier` is then read as a Personio id. `ATTRIBUTE`: only in the
    custom attribute, for organizations (or mappings) that use `employeeIdentifier` otherwise.
    """

    IDENTIFIER = "employeeIdentifier"
    ATTRIBUTE = "attributes.personioId"


@dataclass(frozen=True, slots=True)
class Cloud:
    """The address and the key of one organization.

    `organization_id` may be empty where the key belongs to a single organization.
    """

    url: str
    api_key: str = field(repr=False)
    organization_id: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Cloud:
        """The cloud that JUMPCLOUD_API_KEY, JUMPCLOUD_ORG_ID and JUMPCLOUD_URL name."""
        url = (values.get("JUMPCLOUD_URL") or DEFAULT_URL).strip().rstrip("/")
        return cls(
            url=url.removesuffix("/api"),
            api_key=values.get("JUMPCLOUD_API_KEY", "").strip(),
            organization_id=values.get("JUMPCLOUD_ORG_ID", "").strip(),
        )


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait and how much to do at once; times in seconds.

    JumpCloud publishes no limit: its own client waits 1 s after a failed call, doubling with
    jitter up to 30 s. `patience` is how long a bulk job may go without any news of a user before
    the users are looked up instead.
    """

    first_wait: float = 1.0
    longest_wait: float = 30.0
    attempts: int = 8
    timeout: float = 30.0
    first_poll: float = 0.4
    longest_poll: float = 10.0
    patience: float = 60.0
    at_once: int = 4
