"""The architecture's document speaks of rooms and files that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ROOT / "src" / "rollcall"
TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
FILES = sorted(set(re.findall(r"`((?:[a-z_0-9]+/)+[a-z_0-9]+\.py)`", TEXT)))


def test_every_room_that_stands_is_in_the_table() -> None:
    standing = {path.parent.name for path in ROOMS.glob("*/__init__.py")}
    assert standing == set(re.findall(r"^\| [^|]+ \| `([a-z]+)/`", TEXT, re.MULTILINE))


def test_it_walks_through_many_files() -> None:
    assert len(FILES) > 20


@pytest.mark.parametrize("file", FILES)
def test_every_file_that_it_names_is_there(file: str) -> None:
    assert (ROOMS / file).exists() or (ROOT / file).exists() or list(ROOMS.rglob(f"*/{file}"))
