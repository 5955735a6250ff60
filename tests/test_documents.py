"""What the documents say can be done, can be done: commands, options, settings, files."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rollcall.project import schema
from tests.cli.reference import commands

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
KNOWN = dict(commands())
SETTING = re.compile(r"\b(?:ROLLCALL|PERSONIO|JUMPCLOUD)_[A-Z_]*[A-Z]\b")
NOT_FOR_USERS = {"ROLLCALL_CONTRACTS"}


def lines_of(page: Path) -> Iterator[str]:
    """What stands in code in a page, line by line."""
    text = page.read_text(encoding="utf-8")
    for fence in re.findall(r"^```[^\n]*\n(.*?)^```", text, re.S | re.M):
        yield from fence.splitlines()
    yield from re.findall(r"(?<!`)`([^`\n]+)`(?!`)", re.sub(r"```.*?```", "", text, flags=re.S))


def command_lines(page: Path) -> Iterator[str]:
    """Every use of `rollcall` in a page's code, up to a pipe, a comment or another command."""
    for line in lines_of(page):
        if found := re.search(r"(?:^|[\s/])(rollcall(?: [^|#;&>]*)?)(?:$|[|#;&>])", line):
            yield found.group(1).strip()


FOUND = sorted({(page.name, line) for page in PAGES for line in command_lines(page)})


def known_command(line: str) -> tuple[Any, list[str]]:
    """The command that the line names, and the words after it."""
    words = shlex.split(line)
    name = words.pop(0)
    while words and f"{name} {words[0]}" in KNOWN:
        name = f"{name} {words.pop(0)}"
    return KNOWN[name], words


@pytest.mark.parametrize(("page", "line"), FOUND)
def test_every_command_line_names_a_command_and_its_options(page: str, line: str) -> None:
    command, words = known_command(line)
    if getattr(command, "commands", None) and words and words[0] != "…":
        assert words[0].startswith("-"), f"{page}: no command `{line}`"
    spelled = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    for word in words:
        if word.startswith("-"):
            assert word.partition("=")[0] in spelled | {"-h", "--help"}, f"{page}: {line}"


def test_the_documents_use_the_command() -> None:
    assert len(FOUND) > 10


def named_in_code() -> set[str]:
    return {
        name
        for file in (ROOT / "src").rglob("*.py")
        for name in re.findall(rf'"({SETTING.pattern})"', file.read_text(encoding="utf-8"))
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_setting_that_a_page_names_is_one(page: Path) -> None:
    named = set(SETTING.findall(page.read_text(encoding="utf-8")))
    assert named - NOT_FOR_USERS <= set(schema.names())


def test_every_setting_that_the_code_reads_is_in_the_schema() -> None:
    assert named_in_code() - NOT_FOR_USERS <= set(schema.names())


def test_every_setting_is_explained_as_the_schema_says() -> None:
    assert schema.PAGE.read_text(encoding="utf-8") == schema.page()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_links_to_is_there(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
    for link in links:
        assert (page.parent / link).exists(), link
