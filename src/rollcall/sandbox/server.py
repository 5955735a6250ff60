"""The stand-in account as a web application, and ways to serve it."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from . import v1, v2, v2_names
from .account import Account, account_of, answer_refusal
from .company import Company
from .credentials import Credentials, TokenStore
from .errors import Refusal, answer_unknown
from .fault_middleware import TRANSPORT, Trouble
from .faults import Dice, Faults
from .limits import Clock, Limits
from .switches import Switches

HOST = "127.0.0.1"


def create_app(
    company: Company,
    switches: Switches | None = None,
    faults: Faults | None = None,
    credentials: Credentials | None = None,
    clock: Clock | None = None,
) -> Starlette:
    """The account of a company. `clock` (seconds) moves its limits and the life of its tokens."""
    switches = switches or Switches()
    clock = clock or time.monotonic
    account = Account(
        company=company,
        switches=switches,
        credentials=credentials or Credentials.of_seed(company.seed),
        tokens=TokenStore(switches.token_seconds, clock),
        limits=Limits(switches.paced, clock),
        dice=Dice(faults or Faults()),
    )
    app = Starlette(
        routes=[*v1.ROUTES, *v2.ROUTES, *v2_names.ROUTES, *_OWN],
        middleware=[Middleware(Trouble, account=account)],
        exception_handlers={Refusal: answer_refusal, HTTPException: answer_unknown},
    )
    # Personio answers 404 there, and a client that gets the address wrong should see it.
    app.router.redirect_slashes = False
    app.state.account = account
    return app


async def _requests(request: Request) -> Response:
    """GET /_sandbox/requests: the counts so far; DELETE clears them."""
    ledger = account_of(request).ledger
    answer = ledger.as_json()
    if request.method == "DELETE":
        ledger.clear()
    return JSONResponse(answer)


_OWN = [Route("/_sandbox/requests", _requests, methods=["GET", "DELETE"])]


class _Protocol(H11Protocol):
    """uvicorn's HTTP connection, handing itself to the application so that it can be cut."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        inner: ASGIApp = self.app

        async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
            scope[TRANSPORT] = self.transport
            await inner(scope, receive, send)

        self.app = with_transport


class _Server(uvicorn.Server):
    """uvicorn's server, telling when it listens."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listening()


def _config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_Protocol,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        # Longer than clients keep a connection in their pool: who closes last loses no request.
        timeout_keep_alive=75,
        backlog=2048,
    )


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named so that accepted connections are recognised as TCP and sent undelayed.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def running(app: Starlette, host: str = HOST, port: int = 0) -> Iterator[str]:
    """Serve the account in a thread while the block runs; gives its address.

    ```python
    with running(create_app(Company(people=87))) as url:
        httpx.get(f"{url}/v1/company/employees")
    ```
    """
    listener = _bound(host, port)
    ready = threading.Event()
    server = _Server(_config(app), ready.set)
    thread = threading.Thread(
        target=lambda: asyncio.run(server.serve([listener])), name="sandbox", daemon=True
    )
    thread.start()
    try:
        if not ready.wait(10):
            raise RuntimeError("the sandbox did not start listening")
        yield _url(listener)
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


def serve(
    app: Starlette, listening: Callable[[str], None], host: str = HOST, port: int = 0
) -> None:
    """Serve the account until SIGINT or SIGTERM; `listening` is called with its address.

    Raises OSError when the address cannot be had.
    """
    listener = _bound(host, port)
    server = _Server(_config(app), lambda: listening(_url(listener)))
    signals = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, _stop_quietly) for number in signals}
    try:
        asyncio.run(server.serve([listener]))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        listener.close()


def _stop_quietly(_: int, __: FrameType | None) -> None:
    """uvicorn raises the signal again once it has shut down; by then there is nothing to do."""
