"""A collector on this machine, which keeps what it is sent and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Standing(ThreadingHTTPServer):
    """The collector: the bodies and tokens that came, and the statuses still to be answered."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies: list[bytes] = []
        self.tokens: list[str] = []
        self.statuses: list[int] = []

    @property
    def url(self) -> str:
        """Where it stands."""
        return f"http://127.0.0.1:{self.server_address[1]}/events?key=s3cr3t"

    def ids(self) -> list[str]:
        """The ids of the events that came, in their order."""
        return [str(event["id"]) for event in self.events()]

    def events(self) -> list[dict[str, Any]]:
        """The events that came."""
        return [json.loads(line) for body in self.bodies for line in body.splitlines()]


class _Handler(BaseHTTPRequestHandler):
    server: Standing

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.server.statuses.pop(0) if self.server.statuses else 204
        if status < 300:
            self.server.bodies.append(body)
            self.server.tokens.append(self.headers.get("Authorization", ""))
        self.send_response(status)
        self.send_header("Content-Length", "0")
        if 300 <= status < 400:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def standing() -> Iterator[Standing]:
    """A collector for as long as the block lasts."""
    server = Standing()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
