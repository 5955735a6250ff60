"""No request, however large or slow, is kept or waited for beyond its bounds."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn

from rollcall.project.http_protocol import LONGEST_HEAD, BoundedProtocol
from rollcall.project.limits import Bounds, limited
from tests.serving import serving
from tests.waiting import PATIENCE

SMALL = Bounds(body=100_000, headers=20, header_bytes=4_000, address=2_000, seconds=0.3)


class App:
    """An application that reads a body whole, as Django does, and counts what it got."""

    def __init__(self) -> None:
        self.taken = 0
        self.answered = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        more = True
        while more:
            message = await receive()
            self.taken += len(message.get("body", b""))
            more = message.get("more_body", False)
        self.answered += 1
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"read"})


class Quick(BoundedProtocol):
    """The connection, with little patience."""

    head_seconds = 0.3


@contextmanager
def served(app: App, bounds: Bounds = SMALL) -> Iterator[int]:
    config = uvicorn.Config(
        limited(app, bounds),
        port=0,
        log_level="critical",
        lifespan="off",
        http=Quick,
        ws="none",
        h11_max_incomplete_event_size=LONGEST_HEAD,
    )
    with serving(config) as port:
        yield port


def sent(port: int, *pieces: bytes) -> tuple[int, dict[str, str], bytes]:
    """What is answered to these bytes: status, headers, body; the connection stays open."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        for piece in pieces:
            try:
                connection.sendall(piece)
            except OSError:
                break
        answer = b""
        try:
            while part := connection.recv(65536):
                answer += part
        except ConnectionResetError:
            pass
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    pairs = (line.partition(": ") for line in lines)
    return int(first.split()[1]), {name.lower(): value for name, _, value in pairs}, body


def post(path: str, *lines: str) -> bytes:
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: x", *lines, "", ""]).encode()


def chunks(number: int, size: int = 10_000) -> list[bytes]:
    return [f"{size:x}\r\n".encode() + b"x" * size + b"\r\n"] * number


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/applications/7/manual-import/", 200),
        ("/applications/7/manual-import/x", 413),
        ("/applications/7/", 413),
        ("/api/applications/7/", 413),
    ],
)
def test_a_file_may_be_larger_where_a_page_asks_for_one(path: str, status: int) -> None:
    app = App()
    bounds = Bounds(body=1_000, file=20_000)
    with served(app, bounds) as port:
        body = b"x" * 20_000
        head = post(path, f"Content-Length: {len(body)}", "Connection: close")
        assert sent(port, head, body)[0] == status
        assert sent(port, post(path, "Content-Length: 20001", "Connection: close"))[0] == 413


def test_a_request_within_the_bounds_is_read() -> None:
    app = App()
    with served(app) as port:
        close = "Connection: close"
        assert sent(port, post("/api/x", "Content-Length: 5", close), b"hello")[0] == 200
        whole = [*chunks(3), b"0\r\n\r\n"]
        assert sent(port, post("/api/x", "Transfer-Encoding: chunked", close), *whole)[0] == 200
    assert app.taken == 5 + 30_000


@pytest.mark.parametrize("length", ["100001", "9" * 4_000, str(10**30)])
def test_a_body_that_says_it_is_too_large_is_not_read(length: str) -> None:
    app = App()
    with served(app, Bounds(body=100_000)) as port:
        status, _, body = sent(port, post("/api/x", f"Content-Length: {length}"))
    assert status in (400, 413)
    assert app.taken == 0
    if status == 413:
        assert json.loads(body) == {"message": "Payload Too Large"}


def test_a_body_in_chunks_is_counted_as_it_comes() -> None:
    app = App()
    with served(app) as port:
        status, _, body = sent(
            port, post("/api/v2/bulk/users", "Transfer-Encoding: chunked"), *chunks(1_000)
        )
    assert (status, json.loads(body)) == (413, {"message": "Payload Too Large"})
    assert app.taken <= SMALL.body
    assert app.answered == 0


def test_a_refusal_has_the_form_of_the_api_that_was_called() -> None:
    with served(App()) as port:
        too_large = "Content-Length: 1000000"
        _, headers, body = sent(port, post("/scim/v2/Users", too_large))
        assert headers["content-type"] == "application/scim+json"
        told = json.loads(body)
        assert told["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
        assert (told["status"], told["detail"]) == ("413", "Payload Too Large")
        _, headers, body = sent(port, post("/signin/", too_large))
        assert headers["content-type"].startswith("text/plain")


def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    app = App()
    with served(app) as port:
        status, _, body = sent(port, post("/api/x", "Content-Length: 1000"), b"only so much")
    assert (status, json.loads(body)) == (408, {"message": "Request Timeout"})
    assert app.answered == 0


def test_a_body_that_trickles_in_ends_all_the_same() -> None:
    app = App()
    stopped = threading.Event()
    with served(app) as port, socket.create_connection(("127.0.0.1", port)) as connection:
        connection.settimeout(20)
        connection.sendall(post("/api/x", "Content-Length: 90000"))

        def dribble() -> None:
            try:
                while not stopped.wait(0.02):
                    connection.sendall(b"x")
            except OSError:
                return

        thread = threading.Thread(target=dribble)
        thread.start()
        assert b" 408 " in connection.recv(65536).partition(b"\r\n")[0]
        stopped.set()
        thread.join()
    assert app.answered == 0


@pytest.mark.parametrize(
    "start", [b"", b"GET", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "], ids=["none", "line", "header"]
)
def test_a_head_that_does_not_come_is_not_waited_for(start: bytes) -> None:
    app = App()
    with served(app) as port:
        assert sent(port, start)[0] == 408
    assert app.answered == 0


def test_a_second_request_has_its_own_time() -> None:
    with served(App()) as port, socket.create_connection(("127.0.0.1", port)) as connection:
        connection.settimeout(20)
        for _ in range(3):
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = b""
            while not answer.endswith(b"0\r\n\r\n"):
                answer += connection.recv(65536)
            assert b" 200 " in answer.partition(b"\r\n")[0]
            # Whoever comes now and says nothing is refused: by then a head's time is over.
            assert sent(port, b"")[0] == 408


@pytest.mark.parametrize(
    "lines",
    [
        [f"X-{number}: x" for number in range(30)],
        [f"X-Long: {'x' * 5_000}"],
        [f"X: {'x' * 200_000}"],
    ],
    ids=["many", "long", "longer than is waited for"],
)
def test_a_head_without_measure_is_refused(lines: list[str]) -> None:
    app = App()
    with served(app) as port:
        assert sent(port, post("/api/x", *lines, "Content-Length: 0"))[0] == 431
    assert app.answered == 0


def test_an_address_without_measure_is_refused() -> None:
    with served(App()) as port:
        status, _, body = sent(port, post("/api/x?a=" + "x" * 3_000, "Content-Length: 0"))
    assert (status, json.loads(body)) == (414, {"message": "URI Too Long"})


def test_a_body_with_two_ends_is_not_taken_and_nothing_behind_it_either() -> None:
    """A proxy that heeds the other one would take what is left for somebody else's request."""
    app = App()
    two = post("/api/x", "Content-Length: 4", "Transfer-Encoding: chunked")
    hidden = b"0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
    with served(app) as port:
        status, headers, body = sent(port, two, hidden)
        assert (status, headers["connection"]) == (400, "close")
        assert b"HTTP/1.1" not in body
        differing = post("/api/x", "Content-Length: 4", "Content-Length: 5")
        assert sent(port, differing, b"abcde")[0] == 400
    assert app.answered == 0


def test_what_is_no_http_is_still_refused_with_400() -> None:
    with served(App()) as port:
        assert sent(port, b"NOT HTTP AT ALL\r\n\r\n")[0] == 400


async def answered(app: Any, *coming: Any) -> list[Any]:
    """What the application, within bounds, answers a client that sends this and then nothing."""
    messages: list[Any] = []
    waiting = iter(coming)

    async def receive() -> Any:
        return next(waiting, None) or await asyncio.Event().wait()

    async def send(message: Any) -> None:
        messages.append(message)

    scope = {"type": "http", "path": "/", "headers": [], "query_string": b""}
    await limited(app, SMALL)(scope, receive, send)
    return messages


def test_after_a_whole_body_the_client_is_waited_for_without_a_bound() -> None:
    """A page with live results listens for the end of its client as long as it is open."""

    async def long_answer(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        gone = asyncio.create_task(receive())
        # Whoever comes now and sends no body is refused: by then the time of a body is over.
        assert (await answered(App()))[0]["status"] == 408
        assert not gone.done()
        gone.cancel()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    whole = {"type": "http.request", "body": b"", "more_body": False}
    assert asyncio.run(answered(long_answer, whole))[0]["status"] == 200
