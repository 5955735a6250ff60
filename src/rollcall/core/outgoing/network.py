"""Connections that keep to one deadline for a whole call, and that another thread can end."""

from __future__ import annotations

import socket
import ssl
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import httpcore

LEAST: Final = 0.001
"""Seconds: what a transport is given where nothing is left; 0 would mean not to wait at all."""


class _Call(threading.local):
    """When the call of the asking thread must have ended."""

    ends: float | None = None


class BoundedNetwork(httpcore.NetworkBackend):
    """The transport's sockets; `clock` counts seconds.

    A transport's own time-out starts anew with every byte, so a server that sends one byte a second
    would hold a thread for ever. Here each wait is given what is left of the call's deadline, which
    the calling thread has set with `deadline`.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._plain = httpcore.SyncBackend()
        self._call = _Call()
        self._lock = threading.Lock()
        # Weak, so that a connection that its pool has let go of is not kept open by this list.
        self._open: weakref.WeakSet[_Stream] = weakref.WeakSet()
        self.is_stopped = False

    @contextmanager
    def deadline(self, seconds: float) -> Iterator[None]:
        """Everything that this thread does inside ends when so much time has passed."""
        self._call.ends = self._clock() + seconds
        try:
            yield
        finally:
            self._call.ends = None

    @property
    def is_over(self) -> bool:
        """Whether this thread's deadline has passed."""
        ends = self._call.ends
        return ends is not None and self._clock() >= ends

    def left(self, timeout: float | None) -> float | None:
        """The shorter of this time-out and what is left of the call."""
        if self._call.ends is None:
            return timeout
        left = max(LEAST, self._call.ends - self._clock())
        return left if timeout is None else min(timeout, left)

    def stop(self) -> None:
        """End every connection that is open, whoever waits for it, and open no more."""
        with self._lock:
            self.is_stopped = True
            streams = list(self._open)
        for stream in streams:
            stream.cut()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection of which this network keeps track."""
        self._must_go_on()
        stream = self._plain.connect_tcp(
            host, port, self.left(timeout), local_address, socket_options
        )
        return self.keep(stream)

    def keep(self, stream: httpcore.NetworkStream) -> httpcore.NetworkStream:
        """The stream, bounded; it is closed where everything was stopped meanwhile."""
        bounded = _Stream(stream, self)
        with self._lock:
            self._open.add(bounded)
        if self.is_stopped:
            stream.close()
        self._must_go_on()
        return bounded

    def sleep(self, seconds: float) -> None:
        """Wait between two attempts to connect."""
        self._plain.sleep(self.left(seconds) or 0.0)

    def _must_go_on(self) -> None:
        if self.is_stopped:
            raise httpcore.ConnectError("stopped")


class _Stream(httpcore.NetworkStream):
    """One connection, whose waits are cut to what is left of the call."""

    def __init__(self, plain: httpcore.NetworkStream, network: BoundedNetwork) -> None:
        self._plain = plain
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._network.is_over:
            raise httpcore.ReadTimeout("the call's time is over")
        return self._plain.read(max_bytes, self._network.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._plain.write(buffer, self._network.left(timeout))

    def close(self) -> None:
        self._plain.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._network.left(timeout)
        return self._network.keep(self._plain.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._plain.get_extra_info(info)

    def cut(self) -> None:
        """Let whoever waits on this connection go on at once, with its end."""
        connection = self._plain.get_extra_info("socket")
        if isinstance(connection, socket.socket):
            try:
                # The plain socket's way, also under TLS: nobody says goodbye here, and the
                # waiting thread still has the TLS layer in its hands.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
            except OSError:
                return
