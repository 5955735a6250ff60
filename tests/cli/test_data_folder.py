"""A data folder that cannot be used is named, with what is the matter."""

from __future__ import annotations

import os

import django
import pytest
import typer

from rollcall.cli.setup import set_up_django


def test_a_data_folder_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise NotADirectoryError(20, "Not a directory", "/srv/rollcall")

    monkeypatch.setattr(django, "setup", fail)
    monkeypatch.setattr(os, "umask", lambda _: 0)
    with pytest.raises(typer.Exit) as ended:
        set_up_django()
    assert ended.value.exit_code == 2
    told = "the data folder cannot be used (/srv/rollcall: Not a directory)"
    assert told in capsys.readouterr().err
