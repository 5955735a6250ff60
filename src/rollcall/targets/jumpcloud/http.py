"""The wire to JumpCloud: one HTTP client that paces, retries and counts its requests."""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final, TypeVar

import httpx
import tenacity

from rollcall.core.outgoing import addresses
from rollcall.core.outgoing.client import Bounds, Client
from rollcall.core.outgoing.errors import OutgoingError, Stopped, TooLong
from rollcall.targets.errors import TargetRefused, TargetUnreachable
from rollcall.targets.jumpcloud.account import Account
from rollcall.targets.jumpcloud.pace import Pace
from rollcall.targets.jumpcloud.responses import (
    TOO_LONG,
    Answer,
    NotTheCloud,
    Passing,
    Unanswered,
    read,
)
from rollcall.targets.jumpcloud.settings import DEFAULT_URL

Item = TypeVar("Item")
Done = TypeVar("Done")

SLOWEST: Final = 1.5
"""How many times `Pace.timeout` an answer may take to its last byte."""
STOPPED: Final = "The connection to JumpCloud was closed meanwhile."


class Wire:
    """Requests to one organization; may be used by several threads at once.

    A 429 holds back every thread, not only the one that met it.
    """

    def __init__(self, account: Account, pace: Pace) -> None:
        self.pace = pace
        if not addresses.is_allowed(account.url, own=DEFAULT_URL):
            raise TargetRefused(f"{addresses.NOT_ALLOWED}; JUMPCLOUD_URL is always one.")
        headers = {"x-api-key": account.api_key, "Accept": "application/json"}
        if account.organization_id:
            headers["x-org-id"] = account.organization_id
        self._client = Client(
            Bounds(pace.timeout * SLOWEST, pace.timeout, pace.timeout),
            2 * pace.at_once,
            base_url=account.url,
            headers=headers,
        )
        self._halt = threading.Event()
        self._lock = threading.Lock()
        self._not_before = 0.0
        self._requests = 0
        self._guard: Callable[[], None] | None = None

    @contextmanager
    def guarded(self, guard: Callable[[], None]) -> Iterator[None]:
        """Ask `guard` right before each request that writes, a repeated one too; it may raise.

        JumpCloud's API knows no condition that would refuse a write of somebody who has slept.
        """
        self._guard = guard
        try:
            yield
        finally:
            self._guard = None

    @property
    def requests(self) -> int:
        """How many requests were sent so far, the repeated ones counted too."""
        return self._requests

    def close(self) -> None:
        """Send nothing more, end what is under way, and close the connections."""
        self._halt.set()
        self._client.close()

    def sleep(self, seconds: float) -> None:
        """Wait so long, or until the wire is closed.

        Raises:
            TargetUnreachable: it was.
        """
        if self._halt.wait(seconds):
            raise TargetUnreachable(STOPPED)

    def get(
        self, path: str, params: Mapping[str, str | int] | None = None, attempts: int | None = None
    ) -> Answer:
        """Read something; tried again until the attempts are used up.

        Raises:
            TargetRefused: JumpCloud said no.
            TargetUnreachable: no usable answer after all retries.
        """
        return self.repeat("GET", path, params=params, attempts=attempts)

    def repeat(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        body: object = None,
        attempts: int | None = None,
    ) -> Answer:
        """Send a request that may be carried out twice without harm; raises as `get` does."""
        request = self._request(method, path, params, body, {})
        return self._retried(request, may_repeat=True, attempts=attempts)

    def once(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request that must not be carried out twice.

        Tried again only where JumpCloud certainly did nothing with it (429, no connection).

        Raises:
            Unanswered: it was sent, and whether it was carried out is not known.
            TargetRefused, TargetUnreachable: as `get`.
        """
        request = self._request(method, path, params, body, headers or {})
        return self._retried(request, may_repeat=False, attempts=None)

    def in_parallel(self, work: Callable[[Item], Done], items: Iterable[Item]) -> Iterator[Done]:
        """Do the work on every item, a few at once; the results come in the items' order.

        Only a few results are held at a time, however many items there are.
        """
        # A pool for each call: work in the pool may itself ask for parallel work, and a shared pool
        # would then wait for its own threads.
        pool = ThreadPoolExecutor(self.pace.at_once, thread_name_prefix="jumpcloud")
        waiting: deque[Future[Done]] = deque()
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                # Twice the threads, so that none is idle while the first result is waited for.
                if len(waiting) >= 2 * self.pace.at_once:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)

    def waits(self) -> Iterator[float]:
        """The waits between two tries of something that is not a single request, in seconds."""
        wait = self.pace.first_wait
        for _ in range(self.pace.attempts):
            yield wait
            wait = min(2 * wait, self.pace.longest_wait)

    def _request(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int] | None,
        body: object,
        headers: Mapping[str, str],
    ) -> Callable[[], httpx.Request]:
        return lambda: self._client.request(method, path, params=params, headers=headers, json=body)

    def _retried(
        self, request: Callable[[], httpx.Request], *, may_repeat: bool, attempts: int | None
    ) -> Answer:
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(lambda problem: _may_pass(problem, may_repeat)),
            stop=tenacity.stop_after_attempt(attempts or self.pace.attempts),
            wait=self._wait,
            sleep=self.sleep,
            reraise=True,
        )
        try:
            return retrying(lambda: self._send(request()))
        except Passing as problem:
            if problem.sent:
                raise Unanswered(f"JumpCloud gave no usable answer ({problem}).") from None
            raise TargetUnreachable(f"JumpCloud cannot be reached ({problem}).") from None

    def _wait(self, state: tenacity.RetryCallState) -> float:
        """Seconds before the next try: what the answer asks for, else doubling, with jitter."""
        problem = state.outcome.exception() if state.outcome else None
        if isinstance(problem, Passing) and problem.after is not None:
            return problem.after
        doubled = self.pace.first_wait * 2.0 ** (state.attempt_number - 1)
        jitter = random.uniform(0, self.pace.first_wait)  # noqa: S311 - not a secret
        return min(doubled + jitter, self.pace.longest_wait)

    def _send(self, request: httpx.Request) -> Answer:
        self._take_turn()
        if self._guard is not None and request.method != "GET":
            self._guard()
        try:
            return read(self._client.send(request), request.method)
        except Stopped:
            raise TargetUnreachable(STOPPED) from None
        except TooLong:
            raise NotTheCloud(TOO_LONG) from None
        # Without a connection JumpCloud certainly saw nothing of it; past that, nobody can know.
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise Passing(None, sent=False) from None
        except (httpx.TransportError, OutgoingError):
            raise Passing(None, sent=True) from None
        except Passing as problem:
            if problem.status == 429:
                self._hold_back(problem.after or self.pace.first_wait)
            raise

    def _take_turn(self) -> None:
        # A loop, since another thread may have been told to wait longer in the meantime.
        while (wait := self._not_before - time.monotonic()) > 0:
            self.sleep(wait)
        with self._lock:
            self._requests += 1

    def _hold_back(self, seconds: float) -> None:
        with self._lock:
            self._not_before = max(self._not_before, time.monotonic() + seconds)


def _may_pass(problem: BaseException, may_repeat: bool) -> bool:
    return isinstance(problem, Passing) and (may_repeat or not problem.sent)
