"""Which JumpCloud organization to speak to, with which key, at what pace."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from rollcall.targets.errors import TargetRefused
from rollcall.targets.jumpcloud.settings import DEFAULT_URL, JumpCloudSettings

PERSONIO_ATTRIBUTE: Final = "personioId"
"""The custom attribute that carries Personio's id, and alone says whose user it is."""


class Identity(enum.Enum):
    """Whether the Personio id stands in `employeeIdentifier` too.

    Every user that an import makes or adopts carries the id in the custom attribute `personioId`,
    and only there is it read: a number in `employeeIdentifier` may be the number of a stranger in
    some other system, and taking it for a Personio id would rename that stranger. The attribute
    goes along in the same bulk call, so the certainty costs no request.

    `IDENTIFIER`: also in `employeeIdentifier`, where people look for it, if the user has none and
    no other user has this one. `ATTRIBUTE`: not there, for attribute mappings that fill it.
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
        settings = JumpCloudSettings.of(values)
        return cls(
            url=base_url(settings.url),
            api_key=settings.api_key.get_secret_value().strip(),
            organization_id=settings.org_id.strip(),
        )


def base_url(url: str) -> str:
    """The address without trailing slash and `/api`, whichever way it was written down.

    Raises:
        TargetRefused: it is not an http or https address, or holds more than the address.
    """
    try:
        parts = urlsplit(url.strip())
        _ = parts.port  # a port that is no number shows only when it is asked for
    except ValueError:
        raise TargetRefused(_NO_ADDRESS) from None
    more = parts.username is not None or parts.query or parts.fragment
    if parts.scheme not in ("http", "https") or not parts.hostname or more:
        raise TargetRefused(_NO_ADDRESS)
    path = parts.path.rstrip("/").removesuffix("/api").rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}"


_NO_ADDRESS: Final = f"JumpCloud's address must be the address alone, such as {DEFAULT_URL}."


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
