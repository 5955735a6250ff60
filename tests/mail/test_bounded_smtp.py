"""A mail server that says too much, or never finishes what it says, holds nobody: bytes counted."""

from __future__ import annotations

import itertools
import smtplib
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest
from django.core.mail import EmailMessage

from rollcall.mail.bounded_smtp import MOST_BYTES, BoundedBackend, Replies
from tests.mail.mailbox import Mailbox, mailbox

__all__ = ["mailbox"]

SEND_BUFFERS = 8 * 1024 * 1024


class Chatter:
    """A mail server that says this to whoever connects."""

    def __init__(self, said: Iterable[bytes]) -> None:
        self._said = said
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self.sent = 0

    def serve(self) -> None:
        """Talk to the first that connects."""
        try:
            connection, _ = self._listening.accept()
        except OSError:
            return
        with connection:
            try:
                for piece in self._said:
                    connection.sendall(piece)
                    self.sent += len(piece)
            except OSError:
                return

    def close(self) -> None:
        """Listen no more."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


@contextmanager
def chattering(said: Iterable[bytes]) -> Iterator[Chatter]:
    server = Chatter(said)
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()


def send(port: int) -> int | None:
    backend = BoundedBackend(host="127.0.0.1", port=port, timeout=20)
    letter = EmailMessage("Hello", "Text", "a@example.org", ["b@example.org"], connection=backend)
    return letter.send()


def test_a_letter_is_taken_as_ever(mailbox: Mailbox, settings: object) -> None:
    port = settings.EMAIL_PORT  # type: ignore[attr-defined] # Django's settings
    assert send(port) == 1
    assert mailbox.letters[0]["Subject"] == "Hello"


@pytest.mark.parametrize(
    "reply", [b"220-a line of many\r\n" * 500, b"220 " + b"x" * 4096], ids=["lines", "one line"]
)
def test_a_greeting_without_an_end_is_left(reply: bytes) -> None:
    refused = pytest.raises((OSError, smtplib.SMTPException))
    with chattering(itertools.repeat(reply)) as server, refused:
        send(server.port)
    assert server.sent < MOST_BYTES + SEND_BUFFERS


def test_replies_have_so_many_bytes_and_no_more() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        replies = Replies(ours, ends=10.0, most=100, clock=lambda: 0.0)
        theirs.sendall(b"x" * 101)
        with pytest.raises(OSError, match="too much"):
            replies.readinto(bytearray(200))


def test_replies_byte_by_byte_end_with_the_session() -> None:
    ours, theirs = socket.socketpair()
    ticks = itertools.count()
    with ours, theirs:
        # every look at the clock takes a second
        replies = Replies(ours, ends=30.0, clock=lambda: float(next(ticks)))
        theirs.sendall(b"x" * 1_000)
        for _ in range(10):
            assert replies.readinto(bytearray(1)) == 1
        with pytest.raises(TimeoutError):
            [replies.readinto(bytearray(1)) for _ in range(30)]
