"""A generic SCIM client over HTTP: scim2-client on httpx."""

from __future__ import annotations

from typing import Any

import httpx
from scim2_client import BaseSyncSCIMClient
from scim2_client.client import RawResponse


class HttpScimClient(BaseSyncSCIMClient):
    """Sends its requests to a server by HTTP."""

    def __init__(self, http: httpx.Client, **more: Any) -> None:
        super().__init__(**more)
        self._http = http

    def request(self, method: str, url: str, **more: Any) -> RawResponse:
        """Send one request; relative addresses are below the base address."""
        return self._http.request(method, url.lstrip("/"), **more)
