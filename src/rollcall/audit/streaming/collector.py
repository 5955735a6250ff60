"""A collector that takes events: lines of JSON by POST, with a token."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

import httpx

from rollcall.audit.streaming.errors import NotTaken
from rollcall.core.outgoing import addresses
from rollcall.core.outgoing.client import Bounds, Client
from rollcall.core.outgoing.errors import OutgoingError

BOUNDS: Final = Bounds(seconds=30.0, timeout=15.0, connect_timeout=5.0, bytes=64 * 1024)
TYPE: Final = "application/x-ndjson"


@dataclass(frozen=True, slots=True)
class Collector:
    """The address of a collector, and what it is shown."""

    url: str
    token: str = field(default="", repr=False)

    def take(self, lines: bytes) -> None:
        """Send these lines; what the collector answers beside its status is not looked at.

        Raises:
            NotTaken: the address is not allowed, no answer came, or one that is no success.
        """
        # Looked at each time: the operator's list may have changed since it was typed.
        if not addresses.is_allowed(self.url):
            raise NotTaken("AddressNotAllowed")
        headers = {"Content-Type": TYPE}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            with closing(Client(BOUNDS, 1)) as client:
                request = client.request("POST", self.url, content=lines, headers=headers)
                status = client.send(request).status_code
        except (httpx.HTTPError, httpx.InvalidURL, OutgoingError, ValueError) as error:
            raise NotTaken(type(error).__name__) from None
        if not 200 <= status < 300:
            raise NotTaken(f"Status {status}")
