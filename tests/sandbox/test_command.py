"""The command prints where the account is and serves it until it is told to stop."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import typer
from typer.testing import CliRunner

from rollcall.sandbox.command import sandbox

SCRIPT = "import typer; from rollcall.sandbox.command import sandbox; typer.run(sandbox)"

app = typer.Typer()
app.command()(sandbox)


@contextmanager
def _started(*options: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SCRIPT, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_one_json_line_leads_to_a_million_people_until_a_signal_ends_it(stop: int) -> None:
    with _started("--json", "--employees", "1000000", "--seed", "9") as process:
        where = json.loads(_line(process))
        assert where["employees"] == 1_000_000
        pair = {name: where[name] for name in ("client_id", "client_secret")}
        with httpx.Client(base_url=where["url"]) as http:
            token = http.post("/v1/auth", json=pair).json()["data"]["token"]
            http.headers["Authorization"] = f"Bearer {token}"
            page = http.get("/v1/company/employees", params={"limit": 1}).json()
        assert page["metadata"]["total_elements"] == 1_000_000
        process.send_signal(stop)
        assert process.wait(10) == 0


def test_for_people_it_prints_lines_to_copy() -> None:
    with _started("--people", "3") as process:
        lines = [_line(process) for _ in range(6)]
        assert [line.partition("=")[0] for line in lines[2:]] == [
            "export PERSONIO_ACCOUNT",
            "export PERSONIO_URL",
            "export PERSONIO_CLIENT_ID",
            "export PERSONIO_CLIENT_SECRET",
        ]


@pytest.mark.parametrize(
    "options",
    [
        ["--fault", "nope:0.1"],
        ["--fault", "500:7"],
        ["--employees", "0"],
        ["--day", "3"],
        ["--unreadable", "shoe_size"],
        ["--large-limit", "maybe"],
        ["--timeout-delay", "-1"],
        ["--host", "192.0.2.1"],
    ],
)
def test_what_makes_no_sense_is_refused_with_status_two(options: list[str]) -> None:
    assert CliRunner().invoke(app, options).exit_code == 2


def test_every_open_question_has_an_option_with_help() -> None:
    text = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200", "NO_COLOR": "1"}).output
    for option in (
        *("--query-credentials", "--large-limit", "--updated-since", "--supervisor"),
        *("--empty-object", "--readable", "--unreadable", "--retry-after", "--tokens"),
        *("--beta-header", "--missing-right", "--type-case", "--next-link", "--drift"),
        *("--fault", "--paced", "--timeout-delay", "--no-peculiarities"),
    ):
        assert option in text
