"""`rollcall serve` and `rollcall worker`: the portal with its API, and the process that imports."""

from __future__ import annotations

import errno
import os
import signal
import socket
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
from rollcall.cli.exits import Exit, stop
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

    Exit status: 0 stopped · 2 it cannot listen there, or a setting is wrong · 4 the database could
    not be reached.
    """
    serve_until_stopped(host, port, worker=worker)


@ready
def worker() -> None:
    """Carry out imports that the portal or the API asked for, until stopped with Ctrl-C.

    Any number of workers may run, on any number of machines, beside `rollcall serve --no-worker`.

    Exit status: 0 stopped · 2 a setting is wrong · 4 the database could not be reached.
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
    """Serve until a signal comes, then leave at once; what was at work is taken up again later.

    Raises:
        Exit: another program listens there, or this machine has no such address.
    """
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
    listener = _listening(host, port, config.backlog)
    carrying_out: AbstractContextManager[None] = (
        # Without a worker the engine runs as well: it is what hands an import over to others.
        engine.working() if worker else engine.running(queue=engine.own_queue())
    )
    with carrying_out:
        # uvicorn has handlers of its own while it runs, and hands its signal on to these after.
        _at_a_signal(partial(setattr, server, "should_exit", True))
        address = _address(host, listener.getsockname()[1])
        running_portal.note(DATA_DIR, address)
        _greet(address)
        server.run(sockets=[listener])
    _leave()


def _listening(host: str, port: int, backlog: int) -> socket.socket:
    """A socket that listens there: whoever follows the address once it is printed waits for us."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        # not uvicorn's own, which ends the process in its own words and with its own status
        return socket.create_server((host, port), family=family, backlog=backlog)
    except OSError as error:
        raise stop(Exit.USAGE, _why_not(host, port, error)) from None


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken by another program; --port takes another, 0 a free one"
    if error.errno == errno.EACCES:
        return f"this user may not listen on port {port}; --port takes one from 1024 on"
    return f"this machine cannot listen on {host}; --host takes one of its own addresses"


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
