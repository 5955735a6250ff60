"""One call to Personio, from the permit to send it to the JSON that came back."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import httpx

from rollcall.sources.personio import responses
from rollcall.sources.personio.account import Account
from rollcall.sources.personio.connection import STOPPED, Answer, Connection
from rollcall.sources.personio.dialect import Dialect
from rollcall.sources.personio.errors import PersonioMisbehaved, PersonioUnreachable
from rollcall.sources.personio.retrying import (
    Elsewhere,
    Fault,
    Patience,
    Throttled,
    Trickling,
    persist,
)
from rollcall.sources.personio.token import Issued, Tokens

log = logging.getLogger(__name__)

Params = Sequence[tuple[str, str]]

TOKEN_FORM: Final = re.compile(r"[\x21-\x7e]+")
LOGIN: Final = "login"


class Exchange:
    """Calls to one account: paced, carrying the token, repeated where that may help."""

    def __init__(
        self,
        account: Account,
        dialect: Dialect,
        in_flight: int,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._account = account
        self._dialect = dialect
        self._root = f"{account.url}/{dialect.root}"
        self._halt = threading.Event()
        self._gate = dialect.gate(account, self._halt.wait)
        self._patience = Patience(
            tries=account.tries,
            first_wait=account.retry_wait,
            throttle_wait=account.throttle_wait,
        )
        self._tokens = Tokens(self._log_in, exhausted=dialect.no_token_works)
        self._connection = Connection(account, in_flight, transport)
        self._counting = threading.Lock()
        self._answered = False
        self.requests = 0

    def get(
        self,
        path: str,
        params: Params = (),
        endpoint: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """The JSON object that Personio answers with.

        `endpoint` names what shares one limit of requests, the path where it is left out.

        Raises:
            PersonioError: it did not, however often it was asked.
        """
        endpoint = endpoint or path
        url = f"{self._root}/{path}"

        def ask() -> dict[str, Any]:
            # Inside of the call that is repeated: the next try may need a newer token.
            lease = self._tokens.current()
            carried = {**(headers or {}), "Authorization": f"Bearer {lease.token}"}
            request = self._connection.request("GET", url, tuple(params), headers=carried)
            answer = self._send(request, endpoint)
            if answer.status_code == 401:
                # Noted before the answer is judged, which raises for a 401 and leads to the next
                # try.
                self._tokens.refused(lease)
            elif answer.status_code == 200:
                self._tokens.worked()
            return self._judged(self._dialect.judge, answer)

        return self._persist(ask, endpoint)

    def stop(self) -> None:
        """Wake whoever waits, end what is under way, and send nothing more."""
        self._halt.set()
        self._connection.stop()

    def close(self) -> None:
        """Stop, and let go of the connections."""
        self.stop()
        self._connection.close()

    def _log_in(self) -> Issued:
        content = self._persist(self._ask_for_token, LOGIN)
        token, life = self._dialect.token(content)
        if not isinstance(token, str) or not TOKEN_FORM.fullmatch(token):
            raise PersonioMisbehaved(
                f"The login succeeded and gave no token; {responses.NOT_PERSONIO}"
            )
        return Issued(token, responses.number(life))

    def _ask_for_token(self) -> dict[str, Any]:
        login = self._dialect.login(self._account)
        url = f"{self._root}/{login.path}"
        request = self._connection.request("POST", url, json=login.json, form=login.form)
        return self._judged(self._dialect.judge_login, self._send(request, LOGIN))

    def _persist(self, call: Callable[[], dict[str, Any]], endpoint: str) -> dict[str, Any]:
        def wait_after(fault: Fault, seconds: float) -> None:
            log.info("Personio: %s; next try in %.1f s", fault.what.split(";")[0], seconds)
            # The limit is the account's: the other threads must hear of it too, or they run into it
            # as well.
            if isinstance(fault, Throttled):
                self._gate.pause(endpoint, seconds)

        return persist(call, self._patience, self._halt.wait, wait_after)

    def _judged(self, judge: Callable[[Answer], dict[str, Any]], answer: Answer) -> dict[str, Any]:
        try:
            content = judge(answer)
        except Elsewhere as fault:
            raise self._in_context(fault) from None
        self._answered = True
        return content

    def _send(self, request: httpx.Request, endpoint: str) -> Answer:
        # Every try waits for its turn, the repeated ones included: they count towards the limit as
        # well.
        self._gate.enter(endpoint)
        headers: httpx.Headers | None = None
        try:
            # Whoever waited at the gate while the read was stopped must not send any more.
            if self._halt.is_set():
                raise PersonioUnreachable(STOPPED)
            with self._counting:
                self.requests += 1
            answer = self._connection.send(request)
            headers = answer.headers
        except Elsewhere as fault:
            raise self._in_context(fault) from None
        finally:
            self._gate.leave(endpoint, headers)
        return answer

    def _in_context(self, fault: Fault) -> Fault:
        """Once Personio itself has answered, its address is right, and the failure may pass."""
        if isinstance(fault, Trickling):
            return fault
        if self._answered and isinstance(fault, Elsewhere):
            return Fault(fault.what, retry_after=fault.retry_after)
        return fault
