"""`rollcall serve` and `rollcall worker`: the portal with its API, and the process that imports."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Annotated, NoReturn

import typer
from rich.markup import escape

from rollcall.cli import running_portal
from rollcall.cli.console import output
from rollcall.cli.setup import ready

HostOption = Annotated[str, typer.Option(help="The address to listen on.")]
PortOption = Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")]


@ready
def serve(
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Also carry out imports in this process.")
    ] = True,
) -> None:
    """Serve the portal and the API, and carry out imports, until stopped with Ctrl-C.

    The first start prints a one-time link behind which the first administrator is made.
    """
    serve_until_stopped(host, port, worker=worker)


@ready
def worker() -> None:
    """Carry out imports that the portal or the API asked for, until stopped with Ctrl-C.

    Any number of workers may run, on any number of machines, beside `rollcall serve --no-worker`.
    """
    from rollcall.jobs import engine

    stopped = threading.Event()
    _at_a_signal(stopped.set)
    with engine.working():
        output().print("Worker is ready. Stop it with Ctrl-C.")
        sys.stdout.flush()
        stopped.wait()
    _leave()


def serve_until_stopped(host: str, port: int, *, worker: bool) -> NoReturn:
    """Serve until a signal comes, then leave at once; what was at work is taken up again later."""
    import uvicorn

    from rollcall.jobs import engine
    from rollcall.project.asgi import application
    from rollcall.project.http_protocol import LONGEST_HEAD, BoundedProtocol
    from rollcall.project.settings import DATA_DIR

    config = uvicorn.Config(
        application,
        host=host,
        port=port,
        log_level="warning",
        lifespan="off",
        http=BoundedProtocol,
        ws="none",
        h11_max_incomplete_event_size=LONGEST_HEAD,
        proxy_headers=False,  # whom to believe is `project.proxies`' to say
        timeout_graceful_shutdown=1,  # a page with live results never hangs up by itself
    )
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    # whoever follows the address as soon as it is printed waits, and is not refused
    socket.listen(config.backlog)
    carrying_out: AbstractContextManager[None] = (
        # Without a worker the engine runs as well: it is what hands an import over to others.
        engine.working() if worker else engine.running(queue=engine.own_queue())
    )
    with carrying_out:
        # uvicorn has handlers of its own while it runs, and hands its signal on to these after.
        _at_a_signal(partial(setattr, server, "should_exit", True))
        address = _address(host, socket.getsockname()[1])
        running_portal.note(DATA_DIR, address)
        _greet(address)
        server.run(sockets=[socket])
    _leave()


def _greet(address: str) -> None:
    """Say where the portal is, and the one-time link while there is no administrator yet."""
    from rollcall.accounts.first_start import first_start_link

    console = output()
    console.print(f"Rollcall is at [bold]{address}[/]  (Ctrl-C stops it)", highlight=False)
    link = first_start_link(address)
    if link:
        console.print("No administrator yet. Make the first one behind this one-time link:")
        console.print(f"  [bold]{escape(link)}[/]", highlight=False, soft_wrap=True)
    sys.stdout.flush()


def _address(host: str, port: int) -> str:
    from rollcall.project.settings import BASE_URL

    # by its name: browsers give security keys to names only
    here = host in ("0.0.0.0", "::", "127.0.0.1", "::1")  # noqa: S104
    name = "localhost" if here else f"[{host}]" if ":" in host else host
    return BASE_URL or f"http://{name}:{port}"


def _at_a_signal(act: Callable[[], None]) -> None:
    """Do this at Ctrl-C and when the system asks the process to stop."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: act())


def _leave() -> NoReturn:
    """End now: an import's own threads must not keep a stopped process alive until it is done."""
    sys.stdout.flush()
    os._exit(0)
