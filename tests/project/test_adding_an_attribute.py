"""A further employee attribute is carried by touching the files that CONTRIBUTING.md names."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.terminal import Terminal, sandbox
from tests.vendor_contracts import NO_GETTEXT, missing

ROOT = Path(__file__).resolve().parents[2]
MOST_FILES = 8
MIGRATIONS = "src/rollcall/directory/migrations/"
CATALOGUE = "src/rollcall/locale/de/LC_MESSAGES/django.po"
COMPILED = "src/rollcall/locale/de/LC_MESSAGES/django.mo"

EDITS = {
    "src/rollcall/provisioning/employee.py": (
        "    department: Text = UNKNOWN\n",
        "    weekly_working_hours: Text = UNKNOWN\n",
    ),
    "src/rollcall/provisioning/mapping.py": (
        '        MappingRule("department", "department"),\n',
        '        MappingRule("weekly_working_hours", "weeklyHours"),\n',
    ),
    "src/rollcall/sources/personio/v2/parsing.py": (
        '    "department": ("department", _department),\n',
        '    "weekly_working_hours": ('
        '"weekly_working_hours", _of_employment("weekly_working_hours", cleaning.text)),\n',
    ),
    "src/rollcall/core/user_texts.py": (
        '    description: Annotated[str, Text(_("Description"))] = ""\n',
        "    weeklyHours: Annotated[\n"
        '        str, Text(_("Weekly hours"), limit=64, of_work=True, jumpcloud=False)\n'
        '    ] = ""\n',
    ),
    "src/rollcall/directory/models.py": (
        '    description = models.CharField(max_length=MAX_LENGTH["description"], '
        'blank=True, default="")\n',
        '    weeklyHours = models.CharField(max_length=MAX_LENGTH["weeklyHours"], '
        'blank=True, default="")\n',
    ),
    CATALOGUE: (
        'msgid "Description"\nmsgstr "Beschreibung"\n',
        '\nmsgid "Weekly hours"\nmsgstr "Wochenstunden"\n',
    ),
}
"""By file: after which line which other one is put."""


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree in a folder of its own, with the edits made and what follows from them generated."""
    if shutil.which("msgfmt") is None or shutil.which("xgettext") is None:
        missing(NO_GETTEXT)
    tree = tmp_path_factory.mktemp("tree")
    for folder in ("src", "scripts"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, tree / folder, ignore=ignored)
    for name, (line, further) in EDITS.items():
        file = tree / name
        text = file.read_text(encoding="utf-8")
        assert line in text, f"{name}: {line}"
        file.write_text(text.replace(line, line + further, 1), encoding="utf-8")
    (tree / "data").mkdir()
    run(tree, sys.executable, "-m", "django", "makemigrations", "directory")
    run(tree, "sh", "scripts/messages")
    return tree


def run(tree: Path, *words: str) -> str:
    """What a command prints that runs the tree's code."""
    environment = {
        **Terminal(tree / "data").environment(),
        "PYTHONPATH": str(tree / "src"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "DJANGO_SETTINGS_MODULE": "rollcall.project.settings",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(
        words, cwd=tree, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def differing(tree: Path) -> Iterator[str]:
    """The files of the tree that are not as they were."""
    files = (file for file in sorted((tree / "src").rglob("*")) if file.is_file())
    for file in files:
        if file.parent.name == "__pycache__":
            continue
        before = ROOT / file.relative_to(tree)
        if not before.exists() or before.read_bytes() != file.read_bytes():
            yield file.relative_to(tree).as_posix()


def test_the_files_are_few_and_are_those_that_contributors_are_told_of(changed: Path) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.partition("## Add an attribute")[2].partition("\n## ")[0]
    steps = "\n".join(re.findall(r"^\d\. .*(?:\n   .*)*", section, re.MULTILINE))
    named = set(re.findall(r"`(src/[^`\s]+)`", steps))
    touched = list(differing(changed))
    told = {MIGRATIONS if name.startswith(MIGRATIONS) else name for name in touched}
    assert told == named
    assert set(EDITS) | {MIGRATIONS, COMPILED} == named
    assert len(touched) <= MOST_FILES


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_attribute_comes_from_personio_to_the_users(
    changed: Path, tmp_path: Path, version: str
) -> None:
    with sandbox("--people", "20", "--no-peculiarities") as settings:
        more = {"PYTHONPATH": str(changed / "src"), "PERSONIO_API_VERSION": version}
        terminal = Terminal(tmp_path, {**settings, **more})
        terminal.json("import", status=[0])
        assert {user["weeklyHours"] for user in terminal.users()} & {"40", "39", "38.5", "35"}


@pytest.fixture
def imported(changed: Path, tmp_path: Path) -> Terminal:
    """A terminal whose directory has one user, from a file with a column of that name."""
    (tmp_path / "people.csv").write_text(
        "id;first name;last name;email;status;hire date;weekly working hours\n"
        "1;Lena;Brandt;lena.brandt@example.org;active;2020-01-01;32\n",
        encoding="utf-8",
    )
    terminal = Terminal(tmp_path, {"PYTHONPATH": str(changed / "src")})
    words = ("--map", "weekly_working_hours=description")
    done = terminal.run("import", "--source", "csv", "people.csv", *words)
    assert done.returncode == 0, done.stderr
    return terminal


def test_the_attribute_comes_from_a_file_and_is_told_at_every_door(imported: Terminal) -> None:
    (user,) = imported.users()
    assert user["weeklyHours"] == user["description"] == "32"
    wide = imported.with_settings(COLUMNS="300").run("users").stdout
    assert "Weekly hours" in wide

    told = doors(imported)
    portal, api, cloud = told["portal"], told["api"], told["jumpcloud"]
    assert portal["form"] == "32"
    assert "Wochenstunden" in portal["german"]
    assert portal["errors"] == ["Weekly hours: at most 64 characters, not 65."]
    assert "Weekly hours" in portal["page"]
    assert "By hand" in portal["page"]
    assert portal["csv"].split() == ["E-mail,Weekly", "hours", "lena.brandt@example.org,30"]

    assert (api["found"], api["changed"]) == (["30"], "24")
    assert api["shown"] == [{"type": "string"}, {"type": "null"}]
    assert api["taken"] == [{"type": "string", "maxLength": 64}, {"type": "null"}]

    assert {"name": "weeklyHours", "value": "32"} in cloud["sent"]["attributes"]
    assert "weeklyHours" not in cloud["sent"]
    assert "weeklyHours" not in cloud["asked"]
    assert cloud["read"] == "32"


def doors(terminal: Terminal) -> Any:
    """What `added_field.py` finds out in the terminal's directory."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("added_field.py"))],
        env=terminal.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
