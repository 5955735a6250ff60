"""How many tokens a second of processor gives, beside npm oidc-provider in memory, in one run.

    python -m benchmarks.oidc [--users 100000] [--requests 300] [--rounds 5] [--engine postgres]
                              [--write]

Both are servers on this machine, asked over HTTP by a few connections at once; counted is the
processor's time that the server has taken, so that who asks takes nothing away. A code exchange and
a refresh give an ID token (RS256) and a refresh token that rotates. Rollcall reads and writes its
database, with this many users in the group that the application is bound to; of PostgreSQL the work
of its own server is not in the figure. `npm ci` in benchmarks/oidc_provider installs the other one.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from benchmarks import engines
from benchmarks.api_listing import start
from benchmarks.conditions import conditions, spread
from benchmarks.document import put

PEER = Path(__file__).resolve().parent / "oidc_provider"
CALLBACK = "https://app.example.com/callback"
SCOPE = "openid profile offline_access"
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode()[:43]
LEAST = {"code exchange": 0.1, "refresh": 0.1, "client credentials": 0.2}
"""Ratios of the issue."""
PATIENCE = 120.0
CONNECTIONS = 4


@dataclass(frozen=True)
class Side:
    """A server that gives tokens: its process, and how codes come about there."""

    name: str
    process: subprocess.Popen[str]
    port: int
    path: str
    client_id: str
    secret: str
    codes: Callable[[int], list[str]]

    def seconds(self) -> float:
        """The processor's time that the process has taken so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def ask(self, connection: http.client.HTTPConnection, **form: str) -> dict[str, Any]:
        """What the token endpoint answers."""
        pair = base64.b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
        headers = {
            "Authorization": f"Basic {pair}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request("POST", self.path, urlencode(form), headers)
        answer = connection.getresponse()
        told: dict[str, Any] = json.loads(answer.read())
        assert answer.status == 200, told
        return told


def rates(side: Side, requests: int) -> dict[str, float]:
    """Tokens for each second of the processor, by the kind of request."""
    codes = side.codes(requests)
    kinds: dict[str, Callable[[list[str]], list[dict[str, str]]]] = {
        "code exchange": lambda _: [
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": CALLBACK,
                "code_verifier": VERIFIER,
            }
            for code in codes
        ],
        "refresh": lambda given: [
            {"grant_type": "refresh_token", "refresh_token": token} for token in given
        ],
        "client credentials": lambda _: [{"grant_type": "client_credentials"}] * requests,
    }
    taken, given = {}, list[str]()
    for name, forms in kinds.items():
        asked = forms(given)
        before = side.seconds()
        told = _at_once(side, asked)
        taken[name] = requests / max(side.seconds() - before, 1e-3)
        given = [answer.get("refresh_token", "") for answer in told]
        assert len({answer["access_token"] for answer in told}) == requests
    return taken


def _at_once(side: Side, forms: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The answers, asked for by several connections: the server is never left waiting."""

    def ask(part: list[dict[str, str]]) -> list[dict[str, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", side.port)
        answers = [side.ask(connection, **form) for form in part]
        connection.close()
        return answers

    parts = [forms[n::CONNECTIONS] for n in range(CONNECTIONS)]
    with ThreadPoolExecutor(CONNECTIONS) as asking:
        return [answer for answers in asking.map(ask, parts) for answer in answers]


@contextmanager
def rollcall(folder: Path, port: int, client: Any, secret: str) -> Iterator[Side]:
    """Rollcall as people start it."""
    words = [sys.executable, "-m", "rollcall", "serve", "--port", str(port)]
    with _running(words, port, folder) as process:
        yield Side(
            "Rollcall", process, port, "/oauth2/token", client.client_id, secret, _codes(client)
        )


@contextmanager
def peer(port: int) -> Iterator[Side]:
    """npm oidc-provider."""
    node = shutil.which("node") or str(Path(sys.executable).with_name("node"))
    secret = "s" * 43
    words = [node, str(PEER / "server.mjs"), str(port), secret, CALLBACK, CHALLENGE]
    with _running(words, port, PEER) as process:
        assert process.stdin
        assert process.stdout
        to, said = process.stdin, process.stdout

        def codes(number: int) -> list[str]:
            to.write(f"{number}\n")
            to.flush()
            while not (line := said.readline()).startswith("["):
                assert line, "oidc-provider has ended"
            made: list[str] = json.loads(line)
            return made

        yield Side("oidc-provider", process, port, "/token", "bench", secret, codes)


@contextmanager
def _running(words: list[str], port: int, folder: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder
    )
    try:
        ends = time.monotonic() + PATIENCE
        while not _listens(port):
            assert process.poll() is None, f"{words[0]} has ended"
            assert time.monotonic() < ends, f"{words[0]} does not listen"
            time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _world(users: int) -> tuple[Any, str]:
    """A client whose application is bound to a group of this many users."""
    from rollcall.access.oidc import clients
    from rollcall.audit.actor import Actor, Door, Initiator
    from rollcall.directory import services
    from rollcall.directory.models import Membership, User, UserGroup

    actor = Actor(Initiator.ADMIN, Door.CLI, "benchmark")
    group = UserGroup.objects.create(name="Everyone")
    for first in range(0, users, 5000):
        made = User.objects.bulk_create(
            User(username=f"u{n}", email=f"u{n}@example.org", state="ACTIVATED")
            for n in range(first, min(first + 5000, users))
        )
        Membership.objects.bulk_create(Membership(group=group, user=user) for user in made)
    registration = clients.Registration([CALLBACK], has_own_tokens=True)
    client, secret = clients.create_application(actor, "Bench", registration)
    services.bind(actor, client.application, [group])
    assert secret
    return client, secret


def _codes(client: Any) -> Callable[[int], list[str]]:
    """Codes of the last user, as the authorization endpoint makes them."""
    from oauthlib.common import generate_token

    from rollcall.access.oidc import sign_ons
    from rollcall.accounts.models import Account
    from rollcall.accounts.proofs import Proof
    from rollcall.directory.models import User

    user = User.objects.get(username="u0")
    account = Account.objects.create(email=user.email, user=user)
    asked = sign_ons.Asked(CALLBACK, SCOPE, CHALLENGE, "n-0S6_WzA2Mj", {})

    def made(number: int) -> list[str]:
        codes = [generate_token() for _ in range(number)]
        for code in codes:
            sign_ons.begin(client, account, asked, Proof(int(time.time()), ("pwd",)), code)
        return codes

    return made


def main() -> int:
    """Print the table; 1 where a ratio is below the limit."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--users", type=int, default=100_000)
    words.add_argument("--requests", type=int, default=300)
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--write", action="store_true")
    engines.add_option(words)
    given = words.parse_args()
    if not (PEER / "node_modules").exists():
        raise SystemExit(f"npm ci in {PEER} installs oidc-provider")
    ports = _free_port(), _free_port()
    os.environ["ROLLCALL_BASE_URL"] = f"http://127.0.0.1:{ports[0]}"
    with tempfile.TemporaryDirectory() as folder:
        start(Path(folder), engines.new_database(given.engine, "oidc"))
        client, secret = _world(given.users)
        with rollcall(Path(folder), ports[0], client, secret) as ours, peer(ports[1]) as theirs:
            for side in (ours, theirs):
                rates(side, 50)
            rounds = [
                [rates(side, given.requests) for side in (ours, theirs)]
                for _ in range(given.rounds)
            ]
    text, holds = table(rounds, given)
    print(text)
    if given.write:
        put(f"oidc {given.engine}", text)
    return int(not holds)


def table(rounds: list[list[dict[str, float]]], given: argparse.Namespace) -> tuple[str, bool]:
    """The figures as a section of docs/performance.md, and whether they hold."""
    lines = [
        "### Tokens beside npm oidc-provider",
        "",
        f"{given.users:,} users on {engines.NAMES[given.engine]}; tokens for each second of the "
        f"server's processor time, {given.requests} requests a round, {given.rounds} rounds by "
        "turns: median (least to most).",
        "",
        "| request | Rollcall | oidc-provider, in memory | ratio | at least |",
        "|---|---|---|---|---|",
    ]
    holds = True
    for name, least in LEAST.items():
        ours = [each[0][name] for each in rounds]
        theirs = [each[1][name] for each in rounds]
        ratios = [mine / its for mine, its in zip(ours, theirs, strict=True)]
        holds = holds and median(ratios) >= least
        cells = [spread(ours, 0), spread(theirs, 0), spread(ratios, 2)]
        lines.append(f"| {name} | {' | '.join(cells)} | {least} |")
    lines += ["", conditions(engines.NAMES[given.engine]), "", "`python -m benchmarks.oidc`"]
    return "\n".join(lines), holds


if __name__ == "__main__":
    sys.exit(main())
