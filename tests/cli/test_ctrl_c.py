"""Ctrl-C ends a command quietly, however early it comes."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from rollcall import __main__


class NotYetLoaded(ModuleType):
    """The commands, while somebody presses Ctrl-C."""

    def __getattr__(self, name: str) -> object:
        raise KeyboardInterrupt


def test_while_the_commands_are_still_being_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rollcall.cli.main", NotYetLoaded("main"))
    with pytest.raises(SystemExit) as end:
        __main__.run()
    assert end.value.code == __main__.INTERRUPTED
