"""Files of the data folder that are damaged: one line that says which, and what to do."""

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


def test_a_time_zone_that_there_is_not_is_one_line(terminal: Terminal) -> None:
    done = terminal.with_settings(ROLLCALL_TIME_ZONE="Mars/Olympus").run("users")
    assert done.returncode == 2
    assert "Mars/Olympus" in complaint(done)
