"""Django's way to a mail server, which hears the server out no further than it may go."""

from __future__ import annotations

import io
import smtplib
import socket
import time
from collections.abc import Callable
from typing import Any, Final

from django.core.mail.backends.smtp import EmailBackend

MOST_BYTES: Final = 1024 * 1024
"""Of all replies in one session: each is a line or two, a greeting with extensions some more."""
MOST_SECONDS: Final = 120.0
"""For one session; `CLAIM` of the outbox is longer, so that no other process takes its messages."""


class Replies(io.RawIOBase):
    """What a mail server says, up to so many bytes and for so long.

    smtplib's own time-out starts anew with every byte, and a reply may have any number of lines.
    """

    def __init__(
        self,
        connection: socket.socket,
        ends: float,
        most: int = MOST_BYTES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._connection = connection
        self._ends = ends
        self._left = most
        self._clock = clock

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Take what came; OSError where it is too much or too late."""
        seconds = self._ends - self._clock()
        if seconds <= 0:
            raise TimeoutError("the session takes too long")
        own = self._connection.gettimeout()
        self._connection.settimeout(seconds if own is None else min(own, seconds))
        try:
            number = self._connection.recv_into(buffer)
        finally:
            self._connection.settimeout(own)
        self._left -= number
        if self._left < 0:
            raise OSError("the server says too much")
        return number


class _Bounded(smtplib.SMTP):
    """A session whose replies are `Replies`."""

    _ends: float | None = None

    def getreply(self) -> tuple[int, bytes]:
        """The server's next reply; smtplib would read it from the plain connection."""
        if self._ends is None:
            self._ends = time.monotonic() + MOST_SECONDS
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(Replies(self.sock, self._ends))
        return super().getreply()


class _BoundedOverTls(_Bounded, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class BoundedBackend(EmailBackend):
    """Django's backend over bounded sessions."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """What a session is made of."""
        return _BoundedOverTls if self.use_ssl else _Bounded
