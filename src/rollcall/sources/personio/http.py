"""One call to Personio, from the permit to send it to the JSON that came back."""

from __future__ import annotations

import logging
import re
import ssl
import threading
from collections.abc import Callable, Sequence
from typing import Any, Final

import httpx

from rollcall.sources.personio import responses
from rollcall.sources.personio.account import Account
from rollcall.sources.personio.errors import PersonioMisbehaved, PersonioUnreachable
from rollcall.sources.personio.pacing import Bucket, Pace
from rollcall.sources.personio.retrying import (
    FEW_TRIES,
    Elsewhere,
    Fault,
    Patience,
    Throttled,
    persist,
)
from rollcall.sources.personio.token import Issued, Tokens

log = logging.getLogger(__name__)

Params = Sequence[tuple[str, str]]

TOKEN_FORM: Final = re.compile(r"[\x21-\x7e]+")


class Exchange:
    """Calls to one account: paced, carrying the token, repeated where that may help."""

    def __init__(self, account: Account, transport: httpx.BaseTransport | None = None) -> None:
        hide_tokens()
        self._account = account
        self._halt = threading.Event()
        self._bucket = Bucket(
            Pace.of(account.requests_per_minute) if account.requests_per_minute else None,
            sleep=self._halt.wait,
        )
        self._patience = Patience(
            tries=account.tries,
            first_wait=account.retry_wait,
            throttle_wait=account.throttle_wait,
        )
        self._tokens = Tokens(self._log_in)
        self._http = _http(account, transport)
        self._counting = threading.Lock()
        self._answered = False
        self.requests = 0

    def get(self, path: str, params: Params = ()) -> dict[str, Any]:
        """The JSON object that Personio answers with.

        Raises:
            PersonioError: it did not, however often it was asked.
        """
        url = httpx.URL(f"{self._account.url}/v1/{path}", params=tuple(params))
        return self._persist(lambda: self._ask(url))

    def close(self) -> None:
        """Wake whoever waits, so that nothing more is sent; and let go of the connections."""
        self._halt.set()
        self._http.close()

    @property
    def halt(self) -> threading.Event:
        """Set when nothing more is to be sent."""
        return self._halt

    def _ask(self, url: httpx.URL) -> dict[str, Any]:
        lease = self._tokens.current()
        headers = {"Authorization": f"Bearer {lease.token}"}
        response = self._send("GET", url, headers=headers)
        if response.status_code == 401:
            self._tokens.refused(lease)
        elif response.status_code == 200:
            self._tokens.worked()
        return self._judged(responses.body, response)

    def _log_in(self) -> Issued:
        content = self._persist(self._ask_for_token)
        data = content.get("data")
        found = data if isinstance(data, dict) else {}
        token = found.get("token")
        if not isinstance(token, str) or not TOKEN_FORM.fullmatch(token):
            raise PersonioMisbehaved(
                f"The login succeeded and gave no token; {responses.NOT_PERSONIO}"
            )
        return Issued(token, responses.number(found.get("expires_in")))

    def _ask_for_token(self) -> dict[str, Any]:
        # In the body and nowhere else: Personio refuses credentials in the address, and logs
        # along the way would keep them.
        credentials = {
            "client_id": self._account.client_id,
            "client_secret": self._account.client_secret,
        }
        response = self._send("POST", f"{self._account.url}/v1/auth", json=credentials)
        return self._judged(responses.login_body, response)

    def _persist(self, call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        return persist(call, self._patience, self._halt.wait, self._wait_after)

    def _wait_after(self, fault: Fault, seconds: float) -> None:
        log.info("Personio: %s; next try in %.1f s", fault.what.split(";")[0], seconds)
        if isinstance(fault, Throttled):
            self._bucket.pause(seconds)

    def _judged(
        self, judge: Callable[[httpx.Response], dict[str, Any]], response: httpx.Response
    ) -> dict[str, Any]:
        try:
            content = judge(response)
        except Elsewhere as fault:
            raise self._in_context(fault) from None
        self._answered = True
        return content

    def _send(
        self,
        method: str,
        url: httpx.URL | str,
        headers: dict[str, str] | None = None,
        json: dict[str, str] | None = None,
    ) -> httpx.Response:
        self._bucket.take()
        if self._halt.is_set():
            raise PersonioUnreachable("The read was stopped before Personio had answered")
        with self._counting:
            self.requests += 1
        try:
            return self._http.request(method, url, headers=headers, json=json)
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise self._in_context(_fault(error)) from None

    def _in_context(self, fault: Fault) -> Fault:
        """Once Personio itself has answered, its address is right, and the failure may pass."""
        if self._answered and isinstance(fault, Elsewhere):
            return Fault(fault.what, retry_after=fault.retry_after)
        return fault


def _fault(error: Exception) -> Fault:
    if _is_distrust(error):
        what = "its certificate is not trusted here; check PERSONIO_URL and the proxy, if any"
        return Fault(what, tries=1)
    if isinstance(error, httpx.TimeoutException):
        what = "it took too long; try again later, or raise PERSONIO_TIMEOUT"
    elif isinstance(error, httpx.ConnectError | httpx.ProxyError):
        what = "no connection; check PERSONIO_URL and the network"
    else:
        return Fault("the connection broke off; try again later")
    return Elsewhere(what, tries=FEW_TRIES)


def _http(account: Account, transport: httpx.BaseTransport | None) -> httpx.Client:
    return httpx.Client(
        transport=transport,
        headers={"Accept": "application/json", "X-Personio-App-ID": account.app_id},
        timeout=httpx.Timeout(account.timeout, connect=account.connect_timeout),
        limits=httpx.Limits(
            max_connections=account.in_flight + 1, max_keepalive_connections=account.in_flight + 1
        ),
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
        if not any(isinstance(one, _Hiding) for one in logger.filters):
            logger.addFilter(_Hiding())
