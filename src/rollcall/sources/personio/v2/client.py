"""Reads one Personio account over version 2 of its API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from urllib.parse import quote

import httpx

from rollcall.sources.base import ESSENTIAL, Readable
from rollcall.sources.personio.account import Account
from rollcall.sources.personio.essentials import missing_essentials, unreadable
from rollcall.sources.personio.http import Exchange
from rollcall.sources.personio.v2.dialect import V2
from rollcall.sources.personio.v2.lists import rows
from rollcall.sources.personio.v2.names import PAGE_SIZE as NAMES_PAGE_SIZE
from rollcall.sources.personio.v2.names import Directory, Names
from rollcall.sources.personio.v2.parsing import Record, current, is_custom, lists_for, parsed
from rollcall.sources.personio.v2.reading import Calls, PersonsReading

PERSONS_PAGE_SIZE: Final = 50
"""Personio's largest page of persons and of employments (v2)."""
SAMPLE: Final = 3
"""Whose employments show what is readable: whoever is at the top may lack what others have."""
IN_FLIGHT: Final = 2
"""Times the account's `in_flight`: v2's answers are small and many."""


class PersonioV2:
    """One account, read over API v2; a `Source`. `transport` is for tests."""

    def __init__(self, account: Account, transport: httpx.BaseTransport | None = None) -> None:
        in_flight = account.in_flight * IN_FLIGHT
        self._exchange = Exchange(account, V2, in_flight, transport)
        self._pool = ThreadPoolExecutor(in_flight, thread_name_prefix="personio")
        self._directory = Directory(self._names_page)

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
        """What the credential may read of the `needed` attributes.

        v2 has no list of what is readable: the first page of persons shows it, the employments of
        some of them, and whether the lists of names answer. Of a custom attribute that nobody there
        has, only the whole read can tell. An account without people counts as readable.

        Raises:
            CredentialsRefused: Client ID or Client Secret are wrong.
            AccessDenied: persons cannot be read, or not their e-mail and status.
            PersonioError: Personio could not be asked.
        """
        persons = [person for person in rows(self._persons(None)) if isinstance(person, dict)]
        wanted = frozenset((*needed, *ESSENTIAL))
        names = self._names(wanted)
        carried = self._keys(persons, names) if persons else wanted
        # That nobody of the sample has a value looks the same as that nobody may read it.
        custom = frozenset(filter(is_custom, wanted))
        closed = {attribute for attribute, listed in names.items() if not listed.readable}
        readable = (carried | custom) - closed
        if missing := missing_essentials(readable, ()):
            raise unreadable(missing)
        return Readable(
            readable, tuple(key for key in dict.fromkeys(needed) if key not in {*readable, "id"})
        )

    def employees(self, attributes: Sequence[str]) -> PersonsReading:
        """Everybody in the account, whatever their status (v2, GET persons, GET employments).

        `attributes` are Personio's keys, by v1's names for them. None asked for means all that v2
        has of them. Pages hold up to 50 people.
        """
        asked = frozenset(attributes)
        return PersonsReading(
            Calls(self._persons, self._employments),
            lambda: self._names(asked),
            attributes,
            self._pool,
        )

    def _keys(
        self, persons: Sequence[Mapping[str, Any]], names: Mapping[str, Names]
    ) -> frozenset[str]:
        """The attributes that these persons carry, the employments of some included."""
        jobs = [current(rows(self._employments(number))) for number in _sample(persons)]
        records = [Record(person, {}, names) for person in persons]
        records += [Record({}, job, names) for job in jobs]
        everything = frozenset[str]()
        return everything.union(*(parsed(record, everything, Counter()).keys for record in records))

    def _persons(self, cursor: str | None) -> dict[str, Any]:
        return self._exchange.get("persons", _window(PERSONS_PAGE_SIZE, cursor))

    def _employments(self, person: str) -> dict[str, Any]:
        # Quoted: the id is the vendor's text, and a slash in it would lead to another path.
        path = f"persons/{quote(person, safe='')}/employments"
        return self._exchange.get(path, _window(PERSONS_PAGE_SIZE, None), endpoint="employments")

    def _names(self, asked: Iterable[str]) -> dict[str, Names]:
        return {key: self._directory.names(key) for key in lists_for(frozenset(asked))}

    def _names_page(self, path: str, cursor: str | None) -> dict[str, Any]:
        # Without this header they answered 404 for as long as they were called beta.
        return self._exchange.get(path, _window(NAMES_PAGE_SIZE, cursor), headers={"Beta": "true"})


def _window(size: int, cursor: str | None) -> list[tuple[str, str]]:
    window = [("limit", str(size))]
    return [*window, ("cursor", cursor)] if cursor is not None else window


def _sample(persons: Sequence[Mapping[str, Any]]) -> list[str]:
    """The ids of some who have a job, of those who have not where there are no others."""
    having = [p for p in persons if p.get("employments") != [] and p.get("id")]
    # Employments that have ended may lack what those of people at work carry.
    having.sort(key=lambda person: person.get("status") == "INACTIVE")
    return [str(person["id"]) for person in having[:SAMPLE]]
