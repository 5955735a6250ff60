"""Damaged files and settings of no use: one line that says which, and what to do."""

from __future__ import annotations

import pytest

from tests.cli.test_exit_status import complaint
from tests.terminal import Terminal

CREDENTIALS = {"PERSONIO_CLIENT_ID": "papi-a", "PERSONIO_CLIENT_SECRET": "papi-b"}
ELSEWHERE = {"PERSONIO_URL": "http://127.0.0.1:9", **CREDENTIALS}


@pytest.mark.parametrize(
    ("file", "content", "status"),
    [
        ("sealing.key", b"no key\n", 2),
        ("sealing.key", b"", 2),
        ("sealing.key", b"\xff\xfe\x00", 2),
        ("secret.key", b"", 2),
        ("secret.key", b"\xff\xfe\x00", 2),
        ("rollcall.dbos.db", b"nonsense" * 1000, 4),
        ("rollcall.db", b"nonsense" * 1000, 4),
    ],
)
def test_a_damaged_file_is_one_line(
    terminal: Terminal, file: str, content: bytes, status: int
) -> None:
    (terminal.folder / file).write_bytes(content)
    done = terminal.with_settings(**ELSEWHERE).run("import")
    assert done.returncode == status, done.stderr
    assert (file if file != "rollcall.db" else "database") in complaint(done)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ROLLCALL_TIME_ZONE", "Mars/Olympus"),
        ("ROLLCALL_BASE_URL", "http://["),
        ("ROLLCALL_BASE_URL", "rollcall.example.org"),
        ("ROLLCALL_SMTP_URL", "smtp://mail.example.org:many"),
        ("ROLLCALL_SMTP_URL", "https://mail.example.org"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_line_that_names_it(
    terminal: Terminal, name: str, value: str
) -> None:
    done = terminal.with_settings(**{name: value}).run("users")
    assert done.returncode == 2
    assert name in complaint(done)
