"""Requests of any size, from anybody: refused before they fill the disk."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest

from tests.waiting import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = b"POST /account/sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"


def connected(server: str) -> socket.socket:
    """A connection to the portal."""
    parts = urlsplit(server)
    return socket.create_connection((str(parts.hostname), int(parts.port or 80)), timeout=PATIENCE)


def test_a_request_that_says_it_is_huge_is_refused_at_once(portal_server: str) -> None:
    with connected(portal_server) as wire:
        wire.sendall(HEAD + b"Content-Length: 9000000000\r\n\r\n")
        assert wire.recv(64).startswith(b"HTTP/1.1 413 ")


def test_a_request_without_end_is_cut_off(portal_server: str) -> None:
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    sent = 0
    with connected(portal_server) as wire:
        wire.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        try:
            while sent < 64_000_000:
                wire.sendall(chunk)
                sent += len(chunk)
        except OSError:
            pass
    assert sent < 64_000_000


def test_an_ordinary_form_is_taken(portal_server: str) -> None:
    with connected(portal_server) as wire:
        wire.sendall(HEAD + b"Content-Length: 3\r\nConnection: close\r\n\r\na=b")
        assert wire.recv(64).startswith(b"HTTP/1.1 403 ")
