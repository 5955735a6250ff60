"""Each command ends with the promised exit status, and one clear line where something is wrong."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.terminal import Terminal, sandbox

DEAD = "http://127.0.0.1:9"


class Page(BaseHTTPRequestHandler):
    """Answers everything with a web page, as a proxy's sign-in does."""

    def do_GET(self) -> None:
        """Answer with the page."""
        body = b"<!doctype html><title>Sign in</title><p>Welcome"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def web_page() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def complaint(done: subprocess.CompletedProcess[str]) -> str:
    """What the command complained of: one line, and no traceback anywhere."""
    assert "Traceback" not in done.stderr + done.stdout
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("rollcall: ")
    return lines[0]


def test_an_orderly_company_is_imported_with_status_0(
    terminal: Terminal, personio: dict[str, str]
) -> None:
    done = terminal.with_settings(**personio).run("import")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", ["plan", "import"])
def test_people_in_conflict_make_status_1_and_are_named(
    terminal: Terminal, peculiar: dict[str, str], command: str
) -> None:
    done = terminal.with_settings(**peculiar).run(command)
    assert done.returncode == 1, done.stderr
    assert "Conflict" in done.stdout
    assert "schichtbuero1@" in done.stdout


@pytest.mark.parametrize("command", ["plan", "import"])
def test_missing_credentials_make_status_2_and_are_named(terminal: Terminal, command: str) -> None:
    done = terminal.run(command)
    assert done.returncode == 2
    assert "PERSONIO_CLIENT_ID and PERSONIO_CLIENT_SECRET must be set" in complaint(done)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["import", "--nonsense"], "--nonsense"),
        (["import", "--max-suspensions", "-1"], "max-suspensions"),
        (["import", "--max-suspensions", "few"], "max-suspensions"),
        (["import", "--min-read", "101"], "min-read"),
        (["nonsense"], "nonsense"),
        (["runs", "show", "first"], "ID"),
        (["sandbox", "--fault", "flood:0.1"], "flood"),
        (["sandbox", "--people", "0"], "people"),
    ],
)
def test_wrong_usage_makes_status_2(terminal: Terminal, words: list[str], said: str) -> None:
    done = terminal.run(*words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["import", "--map", "office"], "ATTRIBUTE=FIELD"),
        (["import", "--map", "office=nonsense"], "nonsense"),
        (["import", "--directory", "cellar"], "cellar"),
        (["import", "--run", "77"], "no run 77"),
        (["runs", "show", "77"], "no run 77"),
        (["settings", "set", "colour", "active"], "colour"),
        (["settings", "set", "default-state.manual", "asleep"], "asleep"),
        (["users", "--state", "asleep"], "asleep"),
    ],
)
def test_a_word_that_cannot_be_used_makes_status_2_and_is_named(
    terminal: Terminal, words: list[str], said: str
) -> None:
    settings = {"PERSONIO_CLIENT_ID": "papi-a", "PERSONIO_CLIENT_SECRET": "papi-b"}
    done = terminal.with_settings(PERSONIO_URL=DEAD, **settings).run(*words)
    assert done.returncode == 2
    assert said in complaint(done)


def test_wrong_credentials_make_status_3(terminal: Terminal, personio: dict[str, str]) -> None:
    wrong = {**personio, "PERSONIO_CLIENT_SECRET": "papi-wrong-words"}
    done = terminal.with_settings(**wrong).run("import")
    assert done.returncode == 3
    line = complaint(done)
    assert "credentials" in line.lower()
    assert "papi-" not in done.stderr + done.stdout


def test_a_server_that_answers_with_a_web_page_makes_status_3(
    terminal: Terminal, personio: dict[str, str], web_page: str
) -> None:
    done = terminal.with_settings(**{**personio, "PERSONIO_URL": web_page}).run("import")
    assert done.returncode == 3
    assert "PERSONIO_URL" in complaint(done)
    assert "<" not in done.stderr


@pytest.mark.slow
def test_a_dead_port_makes_status_3(terminal: Terminal, personio: dict[str, str]) -> None:
    done = terminal.with_settings(**{**personio, "PERSONIO_URL": DEAD}).run("import")
    assert done.returncode == 3
    assert "no connection" in complaint(done)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nobody@127.0.0.1:9/rollcall",
        "sqlite:////proc/nowhere/rollcall.db",
    ],
)
def test_a_database_that_cannot_be_used_makes_status_4(terminal: Terminal, url: str) -> None:
    done = terminal.with_settings(ROLLCALL_DATABASE_URL=url).run("users")
    assert done.returncode == 4
    assert "ROLLCALL_DATABASE_URL" in complaint(done)


@pytest.mark.parametrize("url", ["nonsense", "mysql://a/b", "postgresql://[/"])
def test_a_database_address_that_is_none_makes_status_2(terminal: Terminal, url: str) -> None:
    done = terminal.with_settings(ROLLCALL_DATABASE_URL=url).run("users")
    assert done.returncode == 2
    assert "ROLLCALL_DATABASE_URL" in complaint(done)


def test_an_import_that_takes_too_much_is_stopped_with_status_5_unless_it_is_allowed(
    terminal: Terminal,
) -> None:
    with sandbox("--people", "200", "--no-peculiarities") as settings:
        assert terminal.with_settings(**settings).run("import").returncode == 0
    with sandbox("--people", "200", "--no-peculiarities", "--day", "2") as settings:
        day_two = terminal.with_settings(**settings)
        stopped = day_two.run("import", "--max-suspensions", "0")
        assert stopped.returncode == 5
        assert "Nothing was written" in complaint(stopped)
        allowed = day_two.run("import", "--max-suspensions", "2")
        assert allowed.returncode == 0, allowed.stderr


def test_settings_that_are_no_toml_make_status_2(terminal: Terminal) -> None:
    (terminal.folder / "rollcall.toml").write_text("data_dir = ", encoding="utf-8")
    done = terminal.run("users")
    assert done.returncode == 2
    assert "rollcall.toml" in complaint(done)


def test_a_data_folder_that_cannot_be_made_makes_status_2(terminal: Terminal) -> None:
    done = terminal.with_settings(ROLLCALL_DATA_DIR="/proc/nowhere").run("users")
    assert done.returncode == 2
    assert "ROLLCALL_DATA_DIR" in complaint(done)


def test_two_imports_at_once_make_one_import_and_one_status_2(
    terminal: Terminal, personio: dict[str, str]
) -> None:
    shell = terminal.with_settings(**personio)
    assert shell.run("users").returncode == 0
    both = [shell.start("import"), shell.start("import")]
    for process in both:
        process.communicate(timeout=120)
    statuses = sorted(process.returncode for process in both)
    runs = shell.json("runs")
    assert statuses in ([0, 0], [0, 2])
    assert len(runs) == statuses.count(0)
    assert sorted(run["counts"].get("created", 0) for run in runs)[:-1] in ([], [0])
