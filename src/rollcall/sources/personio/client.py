"""Reads one Personio account over whichever version of the API its credential has rights for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Final, Protocol, Self

import httpx

from rollcall.sources.base import ESSENTIAL, Readable, Reading
from rollcall.sources.personio.account import Account, ApiVersion
from rollcall.sources.personio.connection import STOPPED
from rollcall.sources.personio.errors import (
    AccessDenied,
    CredentialsRefused,
    PersonioError,
    PersonioUnreachable,
)
from rollcall.sources.personio.v1.client import PersonioV1
from rollcall.sources.personio.v2.client import PersonioV2

log = logging.getLogger(__name__)


class Client(Protocol):
    """What a client of either version does; see `sources.base.Source`."""

    @property
    def requests(self) -> int: ...

    def check(self, needed: Sequence[str]) -> Readable: ...

    def employees(self, attributes: Sequence[str]) -> Reading: ...

    def close(self) -> None: ...


CLIENTS: Final[dict[ApiVersion, Callable[[Account, httpx.BaseTransport | None], Client]]] = {
    ApiVersion.V1: PersonioV1,
    ApiVersion.V2: PersonioV2,
}


class Personio:
    """One account; a `Source`.

        with Personio(Account.of(os.environ)) as personio:
            readable = personio.check(["email", "status", "supervisor"])
            reading = personio.employees(["email", "status", "supervisor"])
            for page in reading:
                ...
            reading.summary.complete

    The account's `api_version` says which API is spoken. Where it leaves that open, the first check
    tries v1, which brings a hundred people with one request, and goes on to v2, which takes one
    for each, only where v1 refuses the credential. `transport` is for tests.
    """

    def __init__(self, account: Account, transport: httpx.BaseTransport | None = None) -> None:
        self._account = account
        self._transport = transport
        self._lock = threading.Lock()
        self._clients: dict[ApiVersion, Client] = {}
        self._closed = False
        auto = account.api_version == ApiVersion.AUTO
        self._chosen = None if auto else ApiVersion(account.api_version)

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
        with self._lock:
            # First, so that a thread which is just opening the other version's client opens none
            # any more.
            self._closed = True
            clients = list(self._clients.values())
        for client in clients:
            client.close()

    @property
    def requests(self) -> int:
        """How many requests were sent so far, tokens and repeated tries included."""
        with self._lock:
            return sum(client.requests for client in self._clients.values())

    @property
    def version(self) -> ApiVersion:
        """The version that is spoken; `AUTO` until a check has chosen one."""
        return self._chosen or ApiVersion.AUTO

    def check(self, needed: Sequence[str]) -> Readable:
        """What the credential may read of the `needed` attributes.

        Raises:
            CredentialsRefused: Client ID or Client Secret are wrong.
            AccessDenied: employees cannot be read, or not their e-mail and status.
            PersonioError: Personio could not be asked.
        """
        readable = self._checked(needed)
        return replace(readable, over=f"API {self.version}")

    def employees(self, attributes: Sequence[str]) -> Reading:
        """Everybody in the account, whatever their status, with these attributes (all where empty).

        Raises:
            PersonioError: no check has been made yet, and it failed.
        """
        if self._chosen is None:
            self.check(attributes or ESSENTIAL)
        return self._client(self.version).employees(attributes)

    def _checked(self, needed: Sequence[str]) -> Readable:
        """The check, over the version that it chooses where none is chosen yet."""
        if self._chosen is not None:
            return self._client(self._chosen).check(needed)
        try:
            readable = self._client(ApiVersion.V1).check(needed)
            self._chosen = ApiVersion.V1
        except (AccessDenied, CredentialsRefused) as refusal:
            readable = self._checked_over_v2(needed, refusal)
            self._chosen = ApiVersion.V2
        return readable

    def _checked_over_v2(self, needed: Sequence[str], refusal: PersonioError) -> Readable:
        """What v2 lets this credential read, which v1 refused; `refusal` where v2 does as well."""
        log.info("Personio: API v1 refuses this credential, trying v2")
        try:
            return self._client(ApiVersion.V2).check(needed)
        except PersonioError as error:
            # Where v1 lacks no more than a right, v2 may be what the credential is for: that it is
            # away is the news. Else whichever version let the credential further in knows more.
            passing = isinstance(error, PersonioUnreachable) and isinstance(refusal, AccessDenied)
            raise error if passing or _depth(error) > _depth(refusal) else refusal from None

    def _client(self, version: ApiVersion) -> Client:
        with self._lock:
            if self._closed:
                raise PersonioUnreachable(STOPPED)
            if version not in self._clients:
                self._clients[version] = CLIENTS[version](self._account, self._transport)
            return self._clients[version]


def _depth(error: PersonioError) -> int:
    """How far a credential came before this refusal: to no token, to one, to people."""
    if isinstance(error, AccessDenied):
        return 2 if error.attributes else 1
    return 0
