"""No answer of another server takes more memory, time or trust than it is given."""

from __future__ import annotations

import gzip
import itertools
import threading
import tracemalloc
import zlib
from collections.abc import Iterator
from typing import Final

import pytest

from rollcall.core.outgoing.client import MOST_BYTES, Answer, Bounds, Client
from rollcall.core.outgoing.errors import OutgoingError, Stopped, TooLong, TooSlow, Unreadable
from rollcall.core.outgoing.network import BoundedNetwork
from tests.core.outgoing.server import HOLD, Behaviour, Server, head, serving

PATIENT: Final = Bounds(seconds=60.0, timeout=60.0, connect_timeout=10.0)
SEND_BUFFERS: Final = 16 * 1024 * 1024
"""What the system may have taken of a server without anybody having read it."""
CHUNKED: Final = "Transfer-Encoding: chunked"


def ask(server: Server, *, network: BoundedNetwork | None = None) -> Answer:
    client = Client(PATIENT, 2, network=network)
    try:
        return client.send(client.request("GET", server.url))
    finally:
        client.close()


def refused(behaviour: Behaviour, why: type[OutgoingError], **more: BoundedNetwork) -> Server:
    with serving(behaviour) as server, pytest.raises(why):
        ask(server, **more)
    return server


def packed(size: int, window: int = zlib.MAX_WBITS | 16) -> bytes:
    """So many blanks, packed as tightly as it goes."""
    packing = zlib.compressobj(9, zlib.DEFLATED, window)
    block = b" " * 1_000_000
    parts = [packing.compress(block) for _ in range(size // len(block))]
    return b"".join([*parts, packing.flush()])


def whole(body: bytes, encoding: str) -> Behaviour:
    lines = [f"Content-Encoding: {encoding}", f"Content-Length: {len(body)}"]
    return lambda _: [head(*lines), body]


def test_a_header_is_sent_whatever_letters_it_holds() -> None:
    sent: list[bytes] = []

    def answer(request: bytes) -> list[bytes]:
        sent.append(request)
        return [head("Content-Length: 0")]

    with serving(answer) as server:
        client = Client(PATIENT, 2, headers={"x-api-key": "Schlüssel"})
        client.send(client.request("GET", server.url, headers={"x-more": "トークン"}))
        client.close()
    assert "x-api-key: Schlüssel\r\n".encode() in sent[0]
    assert "x-more: トークン\r\n".encode() in sent[0]


class Ticks:
    """A clock on which every look takes a second."""

    def __init__(self) -> None:
        self._numbers = itertools.count()

    def __call__(self) -> float:
        return float(next(self._numbers))


def dribbled(text: bytes) -> Iterator[bytes]:
    return (text[place : place + 1] for place in range(len(text)))


@pytest.mark.parametrize(
    "encoding", ["gzip", "x-gzip", "deflate", "identity", "GZIP, identity", ""]
)
def test_an_answer_arrives_as_it_was_before_it_was_packed(encoding: str) -> None:
    text = b'{"people": []}' * 20_000
    body = text
    if "gzip" in encoding.lower():
        body = gzip.compress(text)
    elif encoding == "deflate":
        body = zlib.compress(text)
    with serving(whole(body, encoding)) as server:
        assert ask(server).content == text


def test_a_bare_deflate_stream_is_read_too() -> None:
    with serving(whole(packed(1_000_000, -zlib.MAX_WBITS), "deflate")) as server:
        assert ask(server).content == b" " * 1_000_000


@pytest.mark.parametrize("window", [zlib.MAX_WBITS | 16, zlib.MAX_WBITS, -zlib.MAX_WBITS])
def test_a_small_body_that_unpacks_to_a_large_one_takes_no_more_than_the_bound(window: int) -> None:
    bomb = packed(300_000_000, window)
    assert len(bomb) < 400_000
    tracemalloc.start()
    try:
        refused(whole(bomb, "gzip" if window > 15 else "deflate"), TooLong)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3 * MOST_BYTES


@pytest.mark.parametrize("encoding", ["gzip, gzip", "deflate, gzip", "br", "zstd", "compress", "?"])
def test_what_is_packed_twice_or_otherwise_than_asked_is_not_unpacked(encoding: str) -> None:
    refused(whole(gzip.compress(packed(300_000_000)), encoding), Unreadable)


def test_a_damaged_body_is_refused() -> None:
    refused(whole(b"\x1f\x8b" + b"\0" * 100, "gzip"), Unreadable)


def test_a_body_without_an_end_is_left_where_it_grows_too_long() -> None:
    piece = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    server = refused(lambda _: itertools.chain([head(CHUNKED)], itertools.repeat(piece)), TooLong)
    assert server.gone.wait(10)
    assert server.sent < MOST_BYTES + SEND_BUFFERS


def test_a_packed_body_that_unpacks_to_nothing_has_an_end_all_the_same() -> None:
    packing = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    nothing = packing.compress(b"") + packing.flush(zlib.Z_FULL_FLUSH)
    flush = packing.flush(zlib.Z_FULL_FLUSH) or b"\0\0\0\xff\xff"
    block = flush * 10_000
    piece = f"{len(block):x}\r\n".encode() + block + b"\r\n"
    first = f"{len(nothing):x}\r\n".encode() + nothing + b"\r\n"
    answer = [head(CHUNKED, "Content-Encoding: gzip"), first]
    server = refused(lambda _: itertools.chain(answer, itertools.repeat(piece)), TooLong)
    assert server.sent < MOST_BYTES + SEND_BUFFERS


def test_a_body_that_comes_byte_by_byte_ends_with_the_call() -> None:
    answer = head(f"Content-Length: {10**9}")
    server = refused(
        lambda _: itertools.chain([answer], dribbled(b" " * 100_000)),
        TooSlow,
        network=BoundedNetwork(Ticks()),
    )
    # The client took at most as many pieces as the call has seconds.
    assert server.gone.wait(10)


@pytest.mark.parametrize(
    "endless",
    [b"X-Slow: " + b"a" * 90_000, b"HTTP/1.1 103 Early Hints\r\n\r\n" * 2_000],
    ids=["a header", "answers before the answer"],
)
def test_a_head_that_comes_byte_by_byte_ends_with_the_call(endless: bytes) -> None:
    start = b"HTTP/1.1 200 OK\r\n" if endless.startswith(b"X") else b""
    reads: list[int] = []

    class Counting(BoundedNetwork):
        @property
        def is_over(self) -> bool:
            reads.append(1)
            return super().is_over

    def behaviour(_: bytes) -> Iterator[bytes]:
        yield start
        yield from dribbled(endless)

    refused(behaviour, TooSlow, network=Counting(Ticks()))
    assert len(reads) <= PATIENT.seconds + 2


def test_a_head_without_measure_is_refused() -> None:
    lines = [f"X-Line-{number}: x" for number in range(2_000)]
    refused(lambda _: [head(*lines, "Content-Length: 0")], TooLong)


@pytest.mark.parametrize("before", [b"", head("Content-Length: 10")], ids=["head", "body"])
def test_stopping_ends_what_another_thread_waits_for(before: bytes) -> None:
    errors: list[Exception] = []
    with serving(lambda _: [before, HOLD]) as server:
        client = Client(PATIENT, 2)

        def wait_for_it() -> None:
            try:
                client.send(client.request("GET", server.url))
            except OutgoingError as error:
                errors.append(error)

        thread = threading.Thread(target=wait_for_it)
        thread.start()
        assert server.asked.wait(10)
        client.stop()
        thread.join(10)
        assert not thread.is_alive()
        assert [type(error) for error in errors] == [Stopped]
        with pytest.raises(Stopped):
            client.send(client.request("GET", server.url))
        assert server.connections == 1
        client.close()


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Again", "308 For good"])
def test_a_redirect_is_an_answer_and_no_way(status: str) -> None:
    with serving(lambda _: [head("Content-Length: 0")]) as other:
        answer = [head(f"Location: {other.url}", "Content-Length: 0", status=status)]
        with serving(lambda _: answer) as server:
            assert ask(server).is_redirect
        assert other.connections == 0


def test_cookies_are_not_kept() -> None:
    with serving(lambda _: [head("Set-Cookie: a=b", "Content-Length: 0")]) as server:
        client = Client(PATIENT, 2)
        for _ in range(2):
            client.send(client.request("GET", server.url))
        client.close()
    assert not any(b"cookie" in one.lower() for one in server.heads)


def test_only_what_can_be_unpacked_in_steps_is_asked_for() -> None:
    with serving(lambda _: [head("Content-Length: 0")]) as server:
        ask(server)
    assert b"\r\nAccept-Encoding: gzip, deflate\r\n" in server.heads[0]
