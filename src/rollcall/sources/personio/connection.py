"""The connections to one account: one request sent, one answer read, and no more than fits."""

from __future__ import annotations

import logging
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import httpx

from rollcall.sources.personio.account import Account
from rollcall.sources.personio.errors import PersonioMisbehaved
from rollcall.sources.personio.retrying import FEW_TRIES, Elsewhere, Fault

MOST_BYTES: Final = 32 * 1024 * 1024
"""The longest body that is read: a hundred employees with every attribute take about one."""
SLOWEST: Final = 4
"""How many times the account's `timeout` an answer may take to its last byte.

The transport's own time-out starts anew with every byte that trickles in.
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, read to its end."""

    status_code: int
    headers: httpx.Headers
    content: bytes


class Connection:
    """Sends requests to one account; several threads may use it. `transport` is for tests."""

    def __init__(
        self, account: Account, in_flight: int, transport: httpx.BaseTransport | None = None
    ) -> None:
        hide_tokens()
        self._longest = account.timeout * SLOWEST
        self._http = _client(account, in_flight, transport)

    def send(self, request: httpx.Request) -> Answer:
        """The answer.

        Raises:
            Fault: none came; `Elsewhere` where nobody may be there at all.
            PersonioMisbehaved: it is longer than any of Personio's.
        """
        deadline = time.monotonic() + self._longest
        try:
            response = self._http.send(request, stream=True)
            try:
                # Read here and not by the transport, which would take a body of any length.
                content = _read(response, deadline)
            finally:
                response.close()
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _fault(error) from None
        return Answer(response.status_code, response.headers, content)

    def request(
        self,
        method: str,
        url: str,
        params: tuple[tuple[str, str], ...] = (),
        headers: Mapping[str, str] | None = None,
        json: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> httpx.Request:
        """A request as `send` takes it."""
        return self._http.build_request(
            method, httpx.URL(url, params=params), headers=headers, json=json, data=form
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()


def _read(response: httpx.Response, deadline: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    # Counted as it is unpacked: a small compressed body may be a large one.
    for part in response.iter_bytes():
        size += len(part)
        if size > MOST_BYTES:
            raise PersonioMisbehaved(
                f"An answer of Personio is longer than {MOST_BYTES // 1024**2} MB; "
                "check PERSONIO_URL, and any proxy on the way"
            )
        if time.monotonic() > deadline:
            raise Elsewhere(TOO_LONG, tries=FEW_TRIES)
        parts.append(part)
    return b"".join(parts)


TOO_LONG: Final = "it took too long; try again later, or raise PERSONIO_TIMEOUT"


def _fault(error: Exception) -> Fault:
    if _is_distrust(error):
        what = "its certificate is not trusted here; check PERSONIO_URL and the proxy, if any"
        # Trying again does not make a certificate trusted.
        return Fault(what, tries=1)
    if isinstance(error, httpx.TimeoutException):
        what = TOO_LONG
    elif isinstance(error, httpx.ConnectError | httpx.ProxyError):
        what = "no connection; check PERSONIO_URL and the network"
    else:
        return Fault("the connection broke off; try again later")
    return Elsewhere(what, tries=FEW_TRIES)


def _client(
    account: Account, in_flight: int, transport: httpx.BaseTransport | None
) -> httpx.Client:
    connections = in_flight + 1
    return httpx.Client(
        transport=transport,
        headers={"Accept": "application/json", "X-Personio-App-ID": account.app_id},
        timeout=httpx.Timeout(account.timeout, connect=account.connect_timeout),
        limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
        # A redirect would carry the token to an address that nobody has set.
        follow_redirects=False,
    )


def _is_distrust(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


class _Hiding(logging.Filter):
    """Blanks tokens: Personio sends them back in a header, which the transport logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if "Bearer" in message:
            record.msg = re.sub(r"Bearer [^'\"\s,)]+", "Bearer ...", message)
            record.args = None
        return True


def hide_tokens() -> None:
    """Keep tokens out of the transport's debug log; doing it twice changes nothing."""
    for name in ("httpcore.http11", "httpcore.http2", "httpcore.connection", "httpx"):
        logger = logging.getLogger(name)
        if not any(isinstance(hiding, _Hiding) for hiding in logger.filters):
            logger.addFilter(_Hiding())
