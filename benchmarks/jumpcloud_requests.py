"""What an import costs in requests to JumpCloud, and in memory where the organization is large.

    python -m benchmarks.jumpcloud_requests [--write]

Requests are counted against the organization in memory that the tests use, behind real HTTP on this
machine. Memory is that of this process (tracemalloc) while 100,000 users are read, which a process
of its own makes up page by page. `--write` puts the section into docs/performance.md.
"""

from __future__ import annotations

import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from tests.targets.jumpcloud.cloud import KEY, Cloud, hosting
from tests.targets.jumpcloud.conftest import QUICK
from tests.targets.jumpcloud.test_requests import CONSTANT, first_import

from benchmarks.conditions import conditions
from benchmarks.document import put
from rollcall.core.outgoing import addresses
from rollcall.provisioning.directory_index import DirectoryIndex
from rollcall.targets import jumpcloud
from rollcall.targets.jumpcloud import JumpCloudTarget

SIZES = ((50, 0), (250, 1000), (1000, 350), (2000, 4000))
POLLS = 2
"""The results of a job are asked for once; the look-up of the batch's people is the second."""
LARGE = 100_000


@dataclass(frozen=True)
class Count:
    """Requests of one import of `new` people into an organization of `old` users."""

    new: int
    old: int
    first: int
    unchanged: int

    @property
    def formula(self) -> int:
        """The most that the first import may cost."""
        return ceil(self.old / 100) + 2 * ceil(self.new / 100) * (1 + POLLS) + CONSTANT

    @property
    def one_by_one(self) -> int:
        """A call for each person and one for each manager."""
        return ceil(self.old / 100) + 2 * self.new + CONSTANT


@dataclass(frozen=True)
class Reading:
    """One reading of all users: seconds without tracing, peak memory in MB, requests."""

    what: str
    seconds: float
    peak: float
    requests: int


def main(words: list[str]) -> int:
    """Count, measure and print; 1 where a count is above the formula."""
    if words == ["serve"]:
        serve()
        return 0
    addresses.allow(addresses.entries("http://127.0.0.1:*"))
    counts = [counted(new, old) for new, old in SIZES]
    readings = measured()
    text = section(counts, readings)
    print(text)
    if "--write" in words:
        put("jumpcloud_requests.py", text)
    return int(any(one.first > one.formula for one in counts))


def counted(new: int, old: int) -> Count:
    """The requests of a first import, and of the same import again."""
    with hosting() as host:
        cloud = host.show(Cloud())
        for number in range(old):
            cloud.add(username=f"old{number}", email=f"old{number}@example.org")
        to = jumpcloud.Account(cloud.url, KEY)
        with JumpCloudTarget(to, pace=QUICK) as directory:
            first_import(directory, new)
            first = directory.requests
        with JumpCloudTarget(to, pace=QUICK) as directory:
            directory.check()
            directory.default_state()
            assert sum(1 for _ in directory.users()) == new + old
            return Count(new, old, first, directory.requests)


def measured() -> list[Reading]:
    """Reading a large organization: page by page, and into the index that planning uses."""
    with large_organization() as url:
        to = jumpcloud.Account(url, KEY)
        return [
            read("streamed page by page", to, lambda one: sum(1 for _ in one.users())),
            read("kept for planning, indexed", to, lambda one: DirectoryIndex.of(one.users())),
        ]


def read(what: str, to: jumpcloud.Account, reading: Callable[[JumpCloudTarget], object]) -> Reading:
    """Time the reading without tracing, then measure it with."""
    with JumpCloudTarget(to) as directory:
        began = time.monotonic()
        reading(directory)
        seconds, requests = time.monotonic() - began, directory.requests
    with JumpCloudTarget(to) as directory:
        tracemalloc.start()
        kept = reading(directory)
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        del kept
    return Reading(what, seconds, peak, requests)


def section(counts: list[Count], readings: list[Reading]) -> str:
    """The section as Markdown."""
    lines = [
        "## Requests to JumpCloud",
        "",
        "JumpCloud takes one user or one manager a call, or a hundred in a bulk job. A first",
        "import of N people into an organization of M users costs at most",
        "⌈M/100⌉ + 2·⌈N/100⌉·(1 + polls) + 4 requests; the same import again reads the pages and",
        "writes nothing. Counted against an organization in memory, where the results of a job",
        "are there at the first poll but name no ids, so that each batch is looked up once",
        "(polls = 2):",
        "",
        "| N people | M users | formula | measured | again, unchanged | one call a person |",
        "|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {one.new:,} | {one.old:,} | {one.formula:,} | {one.first:,} | {one.unchanged:,} "
            f"| {one.one_by_one:,} |"
            for one in counts
        ),
        "",
        f"Reading an organization of {LARGE:,} users (eleven fields, state, manager and custom",
        "attributes each), from a server on the same machine:",
        "",
        "| reading | requests | seconds | peak memory |",
        "|---|---:|---:|---:|",
        *(
            f"| {one.what} | {one.requests:,} | {one.seconds:.1f} | {one.peak:.0f} MB |"
            for one in readings
        ),
        "",
        f"{conditions()}. Made by `python -m benchmarks.jumpcloud_requests --write`.",
    ]
    return "\n".join(lines)


@contextmanager
def large_organization() -> Iterator[str]:
    """The address of a large organization in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.jumpcloud_requests", "serve"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def serve() -> None:
    """Serve the pages of a large organization, each made up when it is asked for."""
    app = Starlette(routes=[Route("/api/systemusers", page)])
    config = uvicorn.Config(app, port=0, log_level="critical", lifespan="off")
    socket = config.bind_socket()
    print(f"http://127.0.0.1:{socket.getsockname()[1]}", flush=True)
    uvicorn.Server(config).run(sockets=[socket])


def page(request: Request) -> JSONResponse:
    """One page of invented users."""
    skip, limit = (int(request.query_params[name]) for name in ("skip", "limit"))
    rows = [user(number) for number in range(skip, min(skip + limit, LARGE))]
    return JSONResponse({"totalCount": LARGE, "results": rows})


def user(number: int) -> dict[str, object]:
    """An invented user with every field that planning reads."""
    return {
        "_id": f"{number:024x}",
        "username": f"person{number}",
        "email": f"person{number}@example.org",
        "state": "ACTIVATED",
        "firstname": f"Mara {number % 500}",
        "lastname": f"Voß {number}",
        "jobTitle": f"Position {number % 300}",
        "department": f"Department {number % 80}",
        "company": "Example GmbH",
        "location": f"Office {number % 20}",
        "costCenter": f"{4000 + number % 90}",
        "employeeType": "internal",
        "employeeIdentifier": str(100_000 + number),
        "manager": f"{number // 10:024x}",
        "attributes": [{"name": "personioId", "value": str(100_000 + number)}],
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
