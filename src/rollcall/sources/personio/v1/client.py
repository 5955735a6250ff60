"""Reads one Personio account over version 1 of its API."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Final, Self

import httpx

from rollcall.sources.base import ESSENTIAL, Readable
from rollcall.sources.personio.account import Account
from rollcall.sources.personio.errors import AccessDenied
from rollcall.sources.personio.essentials import missing_essentials, unreadable
from rollcall.sources.personio.http import Exchange
from rollcall.sources.personio.v1.dialect import V1
from rollcall.sources.personio.v1.pagination import PAGE_SIZE, Ask
from rollcall.sources.personio.v1.reading import PagedReading, asked_for, listed

EMPLOYEES: Final = "company/employees"
ATTRIBUTES: Final = "company/employees/attributes"


class PersonioV1:
    """One account, read over API v1; a `Source`.

        with PersonioV1(Account.of(os.environ)) as personio:
            readable = personio.check(["email", "status", "supervisor"])
            reading = personio.employees(["email", "status", "supervisor"])
            for page in reading:
                ...
            reading.summary.complete

    `transport` is for tests. One object may serve several reads, one after the other.
    """

    def __init__(self, account: Account, transport: httpx.BaseTransport | None = None) -> None:
        self._in_flight = account.in_flight
        self._exchange = Exchange(account, V1, account.in_flight, transport)
        self._pool = ThreadPoolExecutor(account.in_flight, thread_name_prefix="personio")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Send nothing more, end what is under way, and let go of the connections."""
        # Stopped first: the pool ends only when nobody in it waits for a turn or an answer.
        self._exchange.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._exchange.close()

    @property
    def requests(self) -> int:
        """How many requests were sent so far, tokens and repeated tries included."""
        return self._exchange.requests

    def check(self, needed: Sequence[str]) -> Readable:
        """What the credential may read of the `needed` attributes (v1, GET employees/attributes).

        Some credentials may read employees and not the list of attributes; then the first page
        of employees shows what is readable, and an account without people counts as readable.

        Raises:
            CredentialsRefused: Client ID or Client Secret are wrong.
            AccessDenied: employees cannot be read, or not their e-mail and status.
            PersonioError: Personio could not be asked.
        """
        try:
            readable = _keys(self._exchange.get(ATTRIBUTES))
        except AccessDenied:
            wanted = (*needed, *ESSENTIAL)
            readable = self._keys_of_first_page(wanted) or frozenset(wanted)
        # The id comes with every record, and stands in no list of attributes.
        unreadables = tuple(key for key in dict.fromkeys(needed) if key not in {*readable, "id"})
        if missing := missing_essentials(readable, ()):
            raise unreadable(missing)
        return Readable(readable, unreadables)

    def employees(self, attributes: Sequence[str]) -> PagedReading:
        """Everybody in the account, whatever their status (v1, GET employees).

        `attributes` are Personio's keys; Personio sends the id with them in any case. None asked
        for means all that the credential may read. Pages hold up to 100 people.
        """
        keys = asked_for(attributes)
        return PagedReading(
            lambda ask: self._page(ask, keys), attributes, self._pool, self._in_flight
        )

    def _page(self, ask: Ask, attributes: Sequence[str]) -> dict[str, Any]:
        # PHP's way to write a list; the id is not asked for, Personio sends it unasked.
        wanted = [("attributes[]", key) for key in dict.fromkeys(attributes) if key != "id"]
        window = [("limit", str(ask.size)), ("offset", str(ask.offset))]
        return self._exchange.get(EMPLOYEES, [*window, *wanted])

    def _keys_of_first_page(self, needed: Sequence[str]) -> frozenset[str]:
        data = listed(self._page(Ask(0, PAGE_SIZE), needed))
        carried = [record.get("attributes") for record in data if isinstance(record, dict)]
        return frozenset(key for keys in carried if isinstance(keys, dict) for key in keys)


def _keys(content: dict[str, Any]) -> frozenset[str]:
    rows = (row for row in listed(content) if isinstance(row, dict))
    keys = (row.get("key") for row in rows)
    return frozenset(key for key in keys if isinstance(key, str))
