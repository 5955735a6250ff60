"""A further employee attribute is carried by touching the files that CONTRIBUTING.md names."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.terminal import Terminal, sandbox

ROOT = Path(__file__).resolve().parents[2]
MOST_FILES = 8

EDITS = {
    "src/rollcall/provisioning/employee.py": [
        ("    department: Text = UNKNOWN\n", "    weekly_working_hours: Text = UNKNOWN\n"),
        ('    "department",\n', '    "weekly_working_hours",\n'),
    ],
    "src/rollcall/provisioning/mapping.py": [
        ('    "department",\n', '    "weekly_working_hours",\n'),
        (
            '        MappingRule("department", "department"),\n',
            '        MappingRule("weekly_working_hours", "description"),\n',
        ),
    ],
    "src/rollcall/sources/personio/v1/parsing.py": [
        (
            '    "department": ("department", values.text),\n',
            '    "weekly_working_hours": ("weekly_working_hours", values.text),\n',
        ),
    ],
    "src/rollcall/sources/personio/v2/parsing.py": [
        (
            '    "department": ("department", _department),\n',
            '    "weekly_working_hours": ('
            '"weekly_working_hours", _of_employment("weekly_working_hours", values.text)),\n',
        ),
    ],
    "src/rollcall/sources/csv/columns.py": [
        ('    "department",\n', '    "weekly_working_hours",\n'),
        (
            '        "department": ("department", "abteilung"),\n',
            '        "weekly_working_hours": ("weekly hours", "wochenstunden"),\n',
        ),
    ],
}
"""By file: after which line which other one is put."""


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The package in a folder of its own, with the edits made."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name, edits in EDITS.items():
        file = tmp_path / name
        text = file.read_text(encoding="utf-8")
        for line, further in edits:
            assert line in text, f"{name}: {line}"
            text = text.replace(line, line + further, 1)
        file.write_text(text, encoding="utf-8")
    return tmp_path / "src"


def test_the_files_are_few_and_are_those_that_contributors_are_told_of() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.partition("## Add an attribute")[2].partition("\n## ")[0]
    steps = section.partition("The directory has no field for it yet")[0]
    named = {name for name in re.findall(r"`([^`\s]+\.py)`", steps) if name.startswith("src/")}
    assert set(EDITS) == named
    assert len(named) <= MOST_FILES


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_attribute_comes_from_personio_to_the_users(
    changed: Path, tmp_path: Path, version: str
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with sandbox("--people", "20", "--no-peculiarities") as settings:
        more = {"PYTHONPATH": str(changed), "PERSONIO_API_VERSION": version}
        terminal = Terminal(data, {**settings, **more})
        terminal.json("import", status=[0])
        assert {user["description"] for user in terminal.users()} & {"40", "39", "38.5", "35"}


def test_the_attribute_comes_from_a_file_to_the_users(changed: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "people.csv").write_text(
        "id;first name;last name;email;status;hire date;weekly hours\n"
        "1;Lena;Brandt;lena.brandt@example.org;active;2020-01-01;32\n",
        encoding="utf-8",
    )
    terminal = Terminal(data, {"PYTHONPATH": str(changed)})
    done = terminal.run("import", "--source", "csv", "people.csv")
    assert done.returncode == 0, done.stderr
    assert [user["description"] for user in terminal.users()] == ["32"]
