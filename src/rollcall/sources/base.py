"""The face of a source of employees: what an import asks of it, whatever kind it is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Protocol, TypeVar

from rollcall.core.account_fields import AccountField
from rollcall.provisioning.employee import Employee, Status
from rollcall.provisioning.mapping import SOURCES
from rollcall.provisioning.reason import Reason

ESSENTIAL: Final = ("email", "status")
"""The attributes without which nothing can be decided about anybody."""


@dataclass(frozen=True, slots=True)
class Readable:
    """What the credential may read.

    `readable` are the source's keys. `unreadable` are those of the needed keys that are not among
    them, in the order they were asked for. `over` names the way that was chosen to read, where
    there are several ("API v2").
    """

    readable: frozenset[str]
    unreadable: tuple[str, ...]
    over: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The employees of one answer, without those whose record does not count.

    Pages come in any order. An employee whom an earlier page brought comes again where this page
    has a newer record, which replaces the earlier one (see `newest`). `offset` is the index of the
    first record in the source's list, and `total` the number of employees that it announced with
    it, None where it did not.
    """

    employees: tuple[Employee, ...]
    offset: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a read came to, once its last page has been taken.

    `expected` is the total that the source announced last, `received` the number of distinct
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
    """An account that employees come from. Every verb may raise a `SourceError`."""

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
        """Everybody in the account, with these attributes only (all where empty).

        Which of several records of one employee counts is decided here, by `newest.Newest`.
        """
        ...

    def close(self) -> None:
        """Send nothing more and let go of what is open.

        May be called while another thread reads: its verb ends with a `SourceError` then.
        """
        ...


class Account(Protocol):
    """One account that employees come from: a pure value, credentials included."""

    @property
    def key(self) -> str:
        """Whose employees' ids these are: the kind, and after a colon which account of it.

        At most `LONGEST_KEY` characters. The same for as long as it is the same account, whatever
        its credentials are at the moment; never that of another account.
        """
        ...

    @property
    def address(self) -> str:
        """Where the account is, for people to read."""
        ...


LONGEST_KEY: Final = 64


def account_key(kind: str, which: str) -> str:
    """The key of this account of a kind; what would be too long is known by its digest."""
    key = f"{kind}:{which}"
    if len(key) <= LONGEST_KEY:
        return key
    return f"{kind}:{hashlib.sha256(which.encode()).hexdigest()[:32]}"


A = TypeVar("A", bound=Account)


def _unchanged(account: A) -> A:
    return account


def _none(_: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class FileLook:
    """A file as it was found to be: what a person is shown before it is imported.

    `columns` are the headings that were recognized, by attribute. `sample` are the first rows,
    each with the number under which an editor shows it, and `count` is how many there are. `notes`
    say what of it is not taken as it stands.
    """

    encoding: str
    separator: str
    heading: tuple[str, ...]
    columns: Mapping[str, str]
    sample: tuple[tuple[int, tuple[str, ...]], ...]
    count: int
    notes: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class FileUse(Generic[A]):
    """How a kind whose accounts are files takes one in that somebody hands over.

    `largest` is in bytes. `attributes` are those that a column may hold, in the order in which
    people are asked for them. `uploaded` makes an account of its name, the file's and the content
    (and raises `SettingsError` for what cannot be used); `look` may raise a `SourceError`.
    `with_columns` says which heading is which attribute, "" for none.
    """

    largest: int
    attributes: tuple[str, ...]
    uploaded: Callable[[str, str, bytes], A]
    look: Callable[[A], FileLook]
    with_columns: Callable[[A, Mapping[str, str]], A]


@dataclass(frozen=True, slots=True)
class SourceKind(Generic[A]):
    """A kind of source: how its accounts are described, made, stored and opened.

    `account` makes an account of settings by their variables (and raises `SettingsError` for those
    that cannot be used); settings that are no `fields` may tune it. `to_record` and `from_record`
    are the account as JSON-able data and back; the data is always kept sealed. `hurried` is the
    account with little patience, for a person who waits for `check`.

    `attributes` are the names that its employees' attributes go by, those of `Employee`;
    `is_custom` tells further ones that a mapping may name. `statuses` translates its words
    (in small letters) for where an employee stands; a word that is not among them stays as it is.

    `credentials_at` is where the credentials and their rights are found, for a sentence (English,
    marked for the translators). `is_scheduled` is false for what cannot be read again by itself.
    `name_field` is the field whose value tells accounts apart that would else have one key, and
    `file` how a file is taken in, where the accounts are files.
    """

    key: str
    label: str
    fields: tuple[AccountField, ...]
    account: Callable[[Mapping[str, str]], A]
    to_record: Callable[[A], dict[str, Any]]
    from_record: Callable[[Mapping[str, Any]], A]
    open: Callable[[A], Source]
    hurried: Callable[[A], A] = _unchanged
    attributes: frozenset[str] = frozenset(SOURCES)
    is_custom: Callable[[str], bool] = _none
    statuses: Mapping[str, Status] = field(default_factory=dict, hash=False)
    credentials_at: str = ""
    is_scheduled: bool = True
    name_field: str = ""
    file: FileUse[A] | None = None

    def has(self, attribute: str) -> bool:
        """Whether its employees have such an attribute."""
        return attribute in self.attributes or self.is_custom(attribute)
