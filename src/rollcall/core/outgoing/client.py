"""The HTTP client for everything outside: one request sent, one answer read, bounded throughout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from rollcall.core import json_text
from rollcall.core.outgoing.errors import OutgoingError, Stopped, TooLong, TooSlow
from rollcall.core.outgoing.network import BoundedNetwork
from rollcall.core.outgoing.unpacking import ACCEPTED, unpacked

MOST_BYTES: Final = 32 * 1024 * 1024
"""The longest body that is read, unpacked: a hundred people with every attribute take about one."""
MOST_HEADERS: Final = 100


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one call may take: bytes of its body, unpacked, and seconds from its first to its last.

    `timeout` and `connect_timeout` are for each wait within the call.
    """

    seconds: float
    timeout: float
    connect_timeout: float
    bytes: int = MOST_BYTES


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, read to its end."""

    status_code: int
    headers: httpx.Headers
    content: bytes

    def json(self) -> object:
        """What the content says as JSON.

        Raises:
            ValueError: it is none; `json_text.TooMuch` where it holds too much of it.
        """
        return json_text.loads(self.content)

    @property
    def is_redirect(self) -> bool:
        """Whether it points elsewhere; nothing here ever follows."""
        return 300 <= self.status_code < 400


class Client:
    """Sends requests from several threads at once; follows no redirect, keeps no cookie.

    `transport` is for tests.
    """

    def __init__(
        self,
        bounds: Bounds,
        connections: int,
        *,
        headers: Mapping[str, str] | None = None,
        base_url: str = "",
        transport: httpx.BaseTransport | None = None,
        network: BoundedNetwork | None = None,
    ) -> None:
        self._bounds = bounds
        self._network = network or BoundedNetwork()
        self._http = httpx.Client(
            transport=transport,
            base_url=base_url,
            headers=_headers({**(headers or {}), "Accept-Encoding": ACCEPTED}),
            timeout=httpx.Timeout(bounds.timeout, connect=bounds.connect_timeout),
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            # A redirect would carry key or token to an address that nobody has set.
            follow_redirects=False,
        )
        _rewire(self._http, self._network)

    def request(
        self,
        method: str,
        url: httpx.URL | str,
        *,
        headers: Mapping[str, str] | None = None,
        **parts: Any,
    ) -> httpx.Request:
        """A request as `send` takes it; `parts` as httpx has them."""
        return self._http.build_request(method, url, headers=_headers(headers or {}), **parts)

    def send(self, request: httpx.Request) -> Answer:
        """The answer to the request.

        Raises:
            OutgoingError: it was not taken.
            httpx.TransportError: none came.
        """
        with self._network.deadline(self._bounds.seconds):
            try:
                return self._answer(request)
            except (httpx.TransportError, OutgoingError):
                if self._network.is_stopped:
                    raise Stopped from None
                if self._network.is_over:
                    raise TooSlow from None
                raise

    def _answer(self, request: httpx.Request) -> Answer:
        response = self._http.send(request, stream=True)
        try:
            if len(response.headers) > MOST_HEADERS:
                raise TooLong
            encoding = response.headers.get("Content-Encoding", "")
            body = bytearray()
            # Raw: httpx unpacks a piece whole, which may be a thousand times as long as it came.
            for part in unpacked(response.iter_raw(), encoding, self._bounds.bytes):
                body += part
                if self._network.is_over:
                    raise TooSlow
        finally:
            response.close()
            self._http.cookies.clear()
        return Answer(response.status_code, response.headers, bytes(body))

    def stop(self) -> None:
        """Send nothing more, and end what is under way at once; from any thread."""
        self._network.stop()

    def close(self) -> None:
        """Let go of the connections."""
        self._network.stop()
        self._http.close()


def _headers(headers: Mapping[str, str]) -> httpx.Headers:
    """Headers in which a key of any letters can be sent: whether it is right, the other side says.

    httpx takes ASCII alone, and its error would be ours.
    """
    return httpx.Headers(dict(headers), encoding="utf-8")


def _rewire(client: httpx.Client, network: BoundedNetwork) -> None:
    """Have the client's transports, those of proxies included, use these connections.

    httpx hands no network to its transports, though httpcore's pools take one; a test of the
    deadline fails where a later version keeps it elsewhere.
    """
    for transport in (client._transport, *client._mounts.values()):
        if isinstance(transport, httpx.HTTPTransport):
            transport._pool._network_backend = network
