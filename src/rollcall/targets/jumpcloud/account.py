"""Which JumpCloud organization to speak to, with which key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from rollcall.targets.errors import TargetRefused
from rollcall.targets.jumpcloud.settings import DEFAULT_URL, JumpCloudSettings


@dataclass(frozen=True, slots=True)
class Account:
    """The address and the key of one organization.

    `organization_id` may be empty where the key belongs to a single organization.
    """

    url: str
    api_key: str = field(repr=False)
    organization_id: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Account:
        """The account that JUMPCLOUD_API_KEY, JUMPCLOUD_ORG_ID and JUMPCLOUD_URL name."""
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
