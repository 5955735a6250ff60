"""What contributors are told to touch and to run is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "CONTRIBUTING.md"
FILE = re.compile(r"(?<![\w/.])((?:src|tests|docs|scripts|\.ci)/[\w./-]*\w)")
NAMED = sorted(set(FILE.findall(PAGE.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("name", NAMED)
def test_every_file_that_contributors_are_told_of_is_there(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize(
    "errand",
    ["Set up", "Run one test", "Add an attribute", "Add a source", "Add a target", "Add a page"],
)
def test_every_errand_names_its_files(errand: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert f"\n## {errand}\n" in text


def test_the_hooks_run_the_projects_own_tools_and_fetch_nothing() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert re.findall(r"repo: (.+)", text) == ["local"]
    assert set(re.findall(r"language: (.+)", text)) == {"system"}
    for entry in re.findall(r"entry: (.+)", text):
        assert entry.startswith(".venv/bin/")
        assert entry.split()[0].rpartition("/")[2] in (ROOT / "scripts" / "test").read_text()
