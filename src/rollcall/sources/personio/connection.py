"""The connections to one account: one request sent, one answer read, and no more than fits."""

from __future__ import annotations

import logging
import re
import ssl
from collections.abc import Mapping
from typing import Final

import httpx

from rollcall.core.outgoing import addresses
from rollcall.core.outgoing.client import MOST_BYTES, Answer, Bounds, Client
from rollcall.core.outgoing.errors import OutgoingError, Stopped, TooLong, TooSlow
from rollcall.sources.personio.account import Account
from rollcall.sources.personio.errors import PersonioMisbehaved, PersonioUnreachable
from rollcall.sources.personio.retrying import FEW_TRIES, Elsewhere, Fault, Trickling
from rollcall.sources.personio.settings import DEFAULT_URL

__all__ = ["MOST_BYTES", "STOPPED", "Answer", "Connection"]

SLOWEST: Final = 1.5
"""How many times the account's `timeout` an answer may take to its last byte."""
STOPPED: Final = "The read was stopped before Personio had answered"
TOO_LONG: Final = "it took too long; try again later, or raise PERSONIO_TIMEOUT"


class Connection:
    """Sends requests to one account; several threads may use it. `transport` is for tests."""

    def __init__(
        self, account: Account, in_flight: int, transport: httpx.BaseTransport | None = None
    ) -> None:
        hide_tokens()
        # Checked where it is used: a kept account may be older than the operator's list.
        if not addresses.is_allowed(account.url, own=DEFAULT_URL):
            raise PersonioMisbehaved(f"{addresses.NOT_ALLOWED}; PERSONIO_URL is always one")
        self._client = Client(
            Bounds(account.timeout * SLOWEST, account.timeout, account.connect_timeout),
            in_flight + 1,
            headers={"Accept": "application/json", "X-Personio-App-ID": account.app_id},
            transport=transport,
        )

    def send(self, request: httpx.Request) -> Answer:
        """The answer.

        Raises:
            Fault: none came; `Elsewhere` where nobody may be there at all.
            PersonioMisbehaved: it is longer than any of Personio's.
            PersonioUnreachable: the connection was stopped meanwhile.
        """
        try:
            return self._client.send(request)
        except TooLong:
            raise PersonioMisbehaved(
                f"An answer of Personio is longer than {MOST_BYTES // 1024**2} MB; "
                "check PERSONIO_URL, and any proxy on the way"
            ) from None
        except Stopped:
            raise PersonioUnreachable(STOPPED) from None
        except (httpx.TransportError, OutgoingError) as error:
            raise _fault(error) from None

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
        address = httpx.URL(url, params=params)
        return self._client.request(method, address, headers=headers, json=json, data=form)

    def stop(self) -> None:
        """Send nothing more, and end what is under way at once."""
        self._client.stop()

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


def _fault(error: Exception) -> Fault:
    if _is_distrust(error):
        what = "its certificate is not trusted here; check PERSONIO_URL and the proxy, if any"
        # Trying again does not make a certificate trusted.
        return Fault(what, tries=1)
    if isinstance(error, TooSlow):
        return Trickling(TOO_LONG)
    if isinstance(error, httpx.TimeoutException):
        what = TOO_LONG
    elif isinstance(error, httpx.ConnectError | httpx.ProxyError):
        what = "no connection; check PERSONIO_URL and the network"
    else:
        return Fault("the connection broke off; try again later")
    return Elsewhere(what, tries=FEW_TRIES)


def _is_distrust(error: BaseException | None) -> bool:
    # httpx keeps what TLS said as a cause, at varying depth.
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


class _Hiding(logging.Filter):
    """Blanks tokens: Personio sends them back in a header, which the transport logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        # The message as it will be written: the header stands among its arguments.
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
