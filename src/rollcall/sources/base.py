"""The face of a source of employees: what an import asks of Personio, whichever version answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from rollcall.provisioning.employee import Employee
from rollcall.provisioning.reason import Reason

ESSENTIAL: Final = ("email", "status")
"""The attributes without which nothing can be decided about anybody."""


@dataclass(frozen=True, slots=True)
class Readable:
    """What the credential may read.

    `readable` are Personio's keys. `unreadable` are those of the needed keys that are not among
    them, in the order they were asked for.
    """

    readable: frozenset[str]
    unreadable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The employees of one answer, without those that an earlier page already brought.

    Pages come in any order. `offset` is the index of the first record in Personio's list, and
    `total` the number of employees Personio announced with it, None where it did not.
    """

    employees: tuple[Employee, ...]
    offset: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a read came to, once its last page has been taken.

    `expected` is the total that Personio announced last, `received` the number of distinct
    employees. Only where `complete` is true was everybody seen: anything else may create and
    update, and says nothing about who is missing. `unreadable` are attributes that were asked
    for and that no record carried.
    """

    expected: int | None
    received: int
    complete: bool
    notes: tuple[Reason, ...] = ()
    unreadable: tuple[str, ...] = ()


class Reading(Protocol):
    """A read in progress: iterate it once, then ask for its `summary`."""

    def __iter__(self) -> Iterator[Page]:
        """The pages as they arrive, several being asked for at once."""
        ...

    @property
    def summary(self) -> Summary:
        """What the read came to.

        Raises:
            RuntimeError: the last page has not been taken yet.
        """
        ...


class Source(Protocol):
    """An account that employees come from. Every verb may raise a `PersonioError`."""

    @property
    def requests(self) -> int:
        """How many requests were sent so far, tokens and repeated tries included."""
        ...

    def check(self, needed: Sequence[str]) -> Readable:
        """Whether the credentials are right and which of the `needed` attributes they may read.

        Raises:
            AccessDenied: employees cannot be read, or not their `ESSENTIAL` attributes.
        """
        ...

    def employees(self, attributes: Sequence[str]) -> Reading:
        """Everybody in the account, each once, with these attributes only (all where empty)."""
        ...

    def employees_updated_since(self, moment: datetime, attributes: Sequence[str]) -> Reading:
        """Those who may have changed since then: a hint, never a complete read."""
        ...
