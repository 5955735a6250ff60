"""What an import takes of this machine when the other server means harm: memory and time.

    python benchmarks/faults.py [FAULT…] [--runs N]

Each fault is a server of bare sockets in a process of its own, and `rollcall import` with its
ordinary settings and patience in another, into a new SQLite file. Memory is the import's own peak
(ru_maxrss), time is from its start to its end. Ends with 1 where one takes 500 MB or two minutes.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.core.outgoing.server import Behaviour, Server, head  # noqa: E402
from tests.sources.personio.recorded import person  # noqa: E402

from benchmarks.conditions import conditions, spread  # noqa: E402

MOST_MEGABYTES: Final = 500
MOST_SECONDS: Final = 120
PAGE: Final = 100
TOKEN: Final = {"success": True, "data": {"token": "papi-invented-token", "expires_in": 86400}}
ATTRIBUTES: Final = ("first_name", "last_name", "email", "status", "supervisor", "department")


@dataclass(frozen=True)
class Measured:
    """One import against one fault."""

    seconds: float
    megabytes: float
    status: int
    last_line: str


def main() -> int:
    """Measure and print each fault; 1 where one takes too much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faults", nargs="*", choices=[[], *FAULTS], default=[])
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.serve:
        serve(FAULTS[words.serve])
        return 0
    chosen = words.faults or list(FAULTS)
    measured = {name: [measure(name) for _ in range(words.runs)] for name in chosen}
    print("| fault | seconds | peak MB | exit status | its last words |")
    print("|---|---:|---:|---:|---|")
    for name, runs in measured.items():
        seconds = spread([run.seconds for run in runs])
        megabytes = spread([run.megabytes for run in runs], 0)
        print(f"| {name} | {seconds} | {megabytes} | {runs[-1].status} | {runs[-1].last_line} |")
    print(f"\n{conditions('SQLite')}")
    return int(any(is_too_much(run) for runs in measured.values() for run in runs))


def is_too_much(run: Measured) -> bool:
    """Whether an import took more than it may."""
    return run.seconds >= MOST_SECONDS or run.megabytes >= MOST_MEGABYTES


def measure(name: str) -> Measured:
    """One import against this fault."""
    words = [sys.executable, __file__, "--serve", name]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        with tempfile.TemporaryDirectory() as folder:
            return imported(server.stdout.readline().strip(), folder)
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


def imported(url: str, folder: str) -> Measured:
    """`rollcall import` from this address, into a folder of its own."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    settings = {
        "ROLLCALL_DATA_DIR": folder,
        "PERSONIO_URL": url,
        "PERSONIO_CLIENT_ID": "papi-invented-client",
        "PERSONIO_CLIENT_SECRET": "papi-invented-secret",
    }
    output = Path(folder) / "output"
    began = time.monotonic()
    with output.open("wb") as file:
        child = subprocess.Popen(
            [sys.executable, "-m", "rollcall", "import"],
            env=keep | settings,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    lines = output.read_text(encoding="utf-8").strip().splitlines()
    last = re.sub(r"\s+", " ", lines[-1])[:90] if lines else ""
    return Measured(seconds, usage.ru_maxrss / 1024, child.returncode, last)


def serve(behaviour: Behaviour) -> None:
    """Misbehave so until this process is ended."""
    server = Server(behaviour)
    print(server.url, flush=True)
    server.serve()


def answered(content: object) -> bytes:
    """A whole answer of JSON."""
    body = json.dumps(content).encode()
    return head("Content-Type: application/json", f"Content-Length: {len(body)}") + body


def pages(page: Callable[[int], object]) -> Behaviour:
    """Personio v1 whose pages of employees, by their offset, are these."""

    def behaviour(asked: bytes) -> Iterable[bytes]:
        if asked.startswith(b"POST"):
            return [answered(TOKEN)]
        if b"/attributes?" in asked or b"/attributes " in asked:
            rows = [{"key": key} for key in ATTRIBUTES]
            return [answered({"success": True, "data": rows})]
        offset = re.search(rb"[?&]offset=(\d+)", asked)
        return [answered(page(int(offset[1]) if offset else 0))]

    return behaviour


def listing(first: int, total: int | None) -> Mapping[str, Any]:
    """A page of new people from this number on."""
    people = [person(number + 1) for number in range(first, first + PAGE)]
    return {"success": True, "metadata": {"total_elements": total}, "data": people}


def bomb(_: bytes) -> Iterable[bytes]:
    """300 MB of JSON that were packed into 300 kB."""
    packing = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    block = b" " * 1_000_000
    parts = [packing.compress(b'{"success": true, "data": ')]
    parts += [packing.compress(block) for _ in range(300)]
    body = b"".join([*parts, packing.compress(b"[]}"), packing.flush()])
    lines = ("Content-Type: application/json", "Content-Encoding: gzip")
    return [head(*lines, f"Content-Length: {len(body)}"), body]


def dribbled(start: bytes) -> Behaviour:
    """An answer that begins so and goes on with a byte a second."""

    def behaviour(_: bytes) -> Iterator[bytes]:
        yield start
        for _pause in itertools.count():
            time.sleep(1)
            yield b" "

    return behaviour


def in_a_page(slow: Behaviour) -> Behaviour:
    """A login as ever, and this fault in every page."""
    plain = pages(lambda _: {})

    def behaviour(asked: bytes) -> Iterable[bytes]:
        is_page = b"/company/employees?" in asked
        return slow(asked) if is_page else plain(asked)

    return behaviour


DEEP: Final = b'{"success": true, "data": ' + b"[" * 99_999 + b"]" * 99_999 + b"}"
BODY: Final = head("Content-Type: application/json", "Content-Length: 1000000")
FAULTS: Final[Mapping[str, Behaviour]] = {
    "300 MB out of 300 kB, at the login": bomb,
    "300 MB out of 300 kB, in a page": in_a_page(bomb),
    "one byte a second in the body, at the login": dribbled(BODY),
    "one byte a second in the body, in a page": in_a_page(dribbled(BODY)),
    "one byte a second in the head": dribbled(b"HTTP/1.1 200 OK\r\nX-Slow: "),
    "a total of a billion, then nobody": pages(
        lambda offset: (
            listing(offset, 10**9)
            if offset < 350
            else {"success": True, "metadata": {"total_elements": 10**9}, "data": []}
        )
    ),
    "a total of a billion, and pages without end": pages(lambda offset: listing(offset, 10**9)),
    "no total, and pages without end": pages(lambda offset: listing(offset, None)),
    "the same page without end": pages(lambda _: listing(0, 1_000_000)),
    "a total that grows with every page": pages(lambda offset: listing(offset, offset + 1000)),
    "100,000 levels of JSON": in_a_page(lambda _: [head(f"Content-Length: {len(DEEP)}") + DEEP]),
}


if __name__ == "__main__":
    sys.exit(main())
