"""A mail server that listens for as long as a test lasts."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from pytest_django.fixtures import Settings


@dataclass
class Mailbox:
    """What a mail server was given."""

    port: int
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        """Take a letter (aiosmtpd calls this)."""
        assert isinstance(envelope.content, bytes)
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.recipients.append(list(map(str, envelope.rcpt_tos)))
        return "250 taken"

    @property
    def url(self) -> str:
        """Its address as ROLLCALL_SMTP_URL."""
        return f"smtp://127.0.0.1:{self.port}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def listening() -> Iterator[Mailbox]:
    """A mail server that listens for as long as the context lasts."""
    taken = Mailbox(free_port())
    server = Controller(taken, hostname="127.0.0.1", port=taken.port)
    server.start()
    try:
        yield taken
    finally:
        server.stop()


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """A mail server that listens, and the settings that lead to it."""
    with listening() as taken:
        settings.EMAIL_BACKEND = "rollcall.mail.bounded_smtp.BoundedBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = taken.port
        yield taken
