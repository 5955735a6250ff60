"""The token: fetched once, shared by all threads, and fetched again when it ends or is refused."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from rollcall.sources.personio.errors import CredentialsRefused, PersonioError

REFUSALS_IN_A_ROW: Final = 5
"""How many fresh tokens may be refused, none ever having worked in between, before giving up.

Two would do for one thread at a still server. With several threads at a server that invalidates
tokens now and then, one thread's new token may end before another has used it once.
"""
AHEAD: Final = 0.1
"""The part of a token's life that is left when it is renewed, at the most `LONGEST_AHEAD`."""
LONGEST_AHEAD: Final = 300.0


@dataclass(frozen=True, slots=True)
class Issued:
    """What a login gave: the token, and its life in seconds where Personio told (v1, POST auth)."""

    token: str = field(repr=False)
    expires_in: float | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """A token in use. Personio may issue the same text twice, so `login` counts the logins."""

    token: str = field(repr=False)
    login: int


def tokens_refused() -> PersonioError:
    """The error for credentials whose every token is refused."""
    return CredentialsRefused(
        "Personio accepts the credentials and then refuses every token it gives for them; make new "
        "credentials in Personio: Settings, Integrations, API credentials"
    )


class Tokens:
    """The token of one account.

    `login` fetches one, `exhausted` makes the error for tokens that are all refused; `clock`
    counts seconds.
    """

    def __init__(
        self,
        login: Callable[[], Issued],
        clock: Callable[[], float] = time.monotonic,
        exhausted: Callable[[], PersonioError] = tokens_refused,
    ) -> None:
        self._login = login
        self._exhausted = exhausted
        self._clock = clock
        self._lock = threading.Lock()
        self._lease: Lease | None = None
        self._renew_at: float | None = None
        self._logins = 0
        self._refusals = 0

    def current(self) -> Lease:
        """The token to use; however many threads ask, one of them logs in and the others wait.

        Raises:
            PersonioError: the login did.
        """
        with self._lock:
            if self._renew_at is not None and self._clock() >= self._renew_at:
                self._lease = None
            if self._lease is None:
                self._lease = self._log_in()
            return self._lease

    def refused(self, lease: Lease) -> None:
        """Personio refused this token (401): the next call logs in, unless one did already.

        Raises:
            PersonioError: token after token was refused, though each login succeeded.
        """
        with self._lock:
            # Another thread was refused with the same token and said so: one login is enough for
            # both.
            if self._lease is None or self._lease.login != lease.login:
                return
            self._lease = None
            self._refusals += 1
            if self._refusals >= REFUSALS_IN_A_ROW:
                raise self._exhausted()

    def worked(self) -> None:
        """Personio answered a call that carried a token."""
        # Not locked, though every answer passes here: one assignment is whole by itself.
        self._refusals = 0

    def _log_in(self) -> Lease:
        # Before the login, so that its own duration counts as part of the token's life.
        started = self._clock()
        issued = self._login()
        self._logins += 1
        self._renew_at = None
        if (life := issued.expires_in) is not None and life > 0:
            self._renew_at = started + life - min(life * AHEAD, LONGEST_AHEAD)
        return Lease(issued.token, self._logins)
