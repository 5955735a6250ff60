"""`rollcall serve` and `rollcall worker` say where they are and leave in good order."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.terminal import Terminal
from tests.waiting import PATIENCE


@pytest.mark.parametrize("words", [("serve", "--port", "0"), ("worker",)])
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_server_or_worker_ends_with_success(
    tmp_path: Path, words: tuple[str, ...], stop: signal.Signals
) -> None:
    with Terminal(tmp_path).running(*words) as process:
        assert process.stdout is not None
        assert "Ctrl-C" in process.stdout.readline()
        process.send_signal(stop)
        assert process.wait(timeout=PATIENCE) == 0


def test_the_first_start_prints_a_one_time_link(tmp_path: Path) -> None:
    with Terminal(tmp_path).running("serve", "--port", "0") as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
    address = lines[0].split()[3]
    assert lines[2].strip().startswith(f"{address}/first-start/")
