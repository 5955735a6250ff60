"""With every fault of Personio at once, an import still ends right."""

from __future__ import annotations

import pytest

from rollcall.sandbox.faults import KINDS
from tests.terminal import Terminal, people, sandbox

pytestmark = pytest.mark.slow
COMPANY = ("--people", "500")
FAULTS = [word for kind in KINDS for word in ("--fault", f"{kind}:0.1")]


def test_with_every_fault_at_ten_percent_the_directory_is_the_same(
    terminal: Terminal, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with sandbox(*COMPANY) as settings:
        calm = Terminal(tmp_path_factory.mktemp("calm"), settings)
        undisturbed = calm.json("import", status=[1])
    with sandbox(*COMPANY, *FAULTS, "--timeout-delay", "2") as settings:
        stormy = terminal.with_settings(**settings, PERSONIO_TIMEOUT="1")
        disturbed = stormy.json("import", status=[1])
    assert disturbed["complete_read"]
    assert disturbed["counts"] == undisturbed["counts"]
    assert people(stormy) == people(calm)
