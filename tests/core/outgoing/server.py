"""A server of bare sockets on 127.0.0.1 that answers in whatever bytes a test makes up."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

HOLD: Final = b"hold"
"""Instead of a piece: nothing more is sent until the server is closed."""
Behaviour = Callable[[bytes], Iterable[bytes]]
"""What is sent after the head of a request, piece by piece; then the connection is closed."""


@dataclass
class Server:
    """The server: where it is, what it was asked, and how much of its answers it could send."""

    behaviour: Behaviour
    heads: list[bytes] = field(default_factory=list)
    sent: int = 0
    connections: int = 0
    asked: threading.Event = field(default_factory=threading.Event)
    gone: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._closed = threading.Event()
        self._threads: list[threading.Thread] = []
        self._connections: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def serve(self) -> None:
        """Answer, each connection in a thread of its own, until the server is closed."""
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            self._connections.append(connection)
            self._threads.append(threading.Thread(target=self._answer, args=(connection,)))
            self._threads[-1].start()

    def close(self) -> None:
        """Listen no more, and end what is under way."""
        self._closed.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for connection in self._connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            head = b""
            while b"\r\n\r\n" not in head:
                try:
                    part = connection.recv(65536)
                except OSError:
                    return
                if not part:
                    return
                head += part
            self.heads.append(head)
            self.asked.set()
            try:
                for piece in self.behaviour(head):
                    if piece is HOLD:
                        self._closed.wait()
                        return
                    connection.sendall(piece)
                    self.sent += len(piece)
            except OSError:
                self.gone.set()


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[Server]:
    """The server, as long as the block lasts."""
    server = Server(behaviour)
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()


def head(*lines: str, status: str = "200 OK") -> bytes:
    """The head of an answer, the only one of its connection."""
    return "\r\n".join([f"HTTP/1.1 {status}", "Connection: close", *lines, "", ""]).encode()
