"""No answer, however long, slow or well packed, takes more memory or time than it is given."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator

import httpx
import pytest

from rollcall.sources.personio.account import Account
from rollcall.sources.personio.connection import MOST_BYTES, Connection
from rollcall.sources.personio.errors import PersonioMisbehaved
from rollcall.sources.personio.retrying import Elsewhere

ACCOUNT = Account("https://api.personio.de", "papi-invented-client", "papi-invented-secret")


class Body(httpx.SyncByteStream):
    """A body that never ends, and that counts how much of it was taken."""

    def __init__(self, part: bytes, wait: float = 0.0) -> None:
        self.part, self.wait, self.taken, self.closed = part, wait, 0, False

    def __iter__(self) -> Iterator[bytes]:
        while True:
            time.sleep(self.wait)
            self.taken += len(self.part)
            yield self.part

    def close(self) -> None:
        self.closed = True


def send(body: Body, account: Account = ACCOUNT, **headers: str) -> None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, headers=named, stream=body))
    connection = Connection(account, 1, transport)
    connection.send(connection.request("GET", account.url))


def test_a_body_without_an_end_is_left_where_it_grows_too_long() -> None:
    body = Body(b" " * 1024 * 1024)
    with pytest.raises(PersonioMisbehaved, match="longer than 32 MB"):
        send(body)
    assert body.taken <= MOST_BYTES + len(body.part)
    assert body.closed


def test_a_small_body_that_unpacks_to_a_long_one_counts_as_a_long_one() -> None:
    body = Body(gzip.compress(b" " * 4 * MOST_BYTES))
    with pytest.raises(PersonioMisbehaved, match="longer than"):
        send(body, Content_Encoding="gzip")
    assert body.taken < MOST_BYTES / 100


def test_a_body_that_trickles_in_is_given_up_in_time() -> None:
    hurried = Account(ACCOUNT.url, ACCOUNT.client_id, ACCOUNT.client_secret, timeout=0.05)
    body = Body(b" ", wait=0.01)
    started = time.monotonic()
    with pytest.raises(Elsewhere, match="too long"):
        send(body, hurried)
    assert time.monotonic() - started < 2
    assert body.closed
