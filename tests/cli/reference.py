"""The reference of all commands in `docs/cli.md`, made from the commands themselves.

`python -m tests.cli.reference` writes it anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import typer.main

from rollcall.cli.main import app

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cli.md"
MARK = "<!-- From here on written by `python -m tests.cli.reference`. -->\n"


def commands() -> Iterator[tuple[str, Any]]:
    """Every command by its words (`rollcall runs show`), groups before their members."""
    yield from _below("rollcall", typer.main.get_command(app))


def _below(words: str, command: Any) -> Iterator[tuple[str, Any]]:
    yield words, command
    for name, member in getattr(command, "commands", {}).items():
        yield from _below(f"{words} {name}", member)


def options(command: Any) -> Iterator[Any]:
    """The options of a command, `--help` left out."""
    return (one for one in command.params if one.param_type_name == "option" and not one.hidden)


def _section(words: str, command: Any) -> Iterator[str]:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    names = " ".join(str(one.metavar or one.name).upper().strip("{}[]") for one in arguments)
    yield f"## `{words}{f' {names}' if names else ''}`"
    yield from (paragraph for paragraph in _paragraphs(command.help or ""))
    rows = [(name, one.help or "") for one, name in zip(arguments, names.split(), strict=True)]
    rows += [(_spelled(one), _meaning(one)) for one in options(command)]
    if rows:
        lines = [f"| `{name}` | {' '.join(text.split())} |" for name, text in rows]
        yield "\n".join(["| option | what it does |", "|---|---|", *lines])


def _paragraphs(text: str) -> list[str]:
    return [" ".join(one.split()) for one in re.split(r"\n\s*\n", text.strip()) if one.strip()]


def _spelled(option: Any) -> str:
    names = ", ".join([*option.opts, *option.secondary_opts])
    return names if option.is_flag else f"{names} {option.metavar or _placeholder(option)}"


def _placeholder(option: Any) -> str:
    kind = option.type_descriptor.annotation
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "\\|".join(str(one.value) for one in kind)
    return "NUMBER" if kind in (int, float) else "TEXT"


def _meaning(option: Any) -> str:
    default = getattr(option.default, "value", option.default)
    told = not option.is_flag and not callable(default) and default not in (None, "", [], ())
    more = f" Default: {default}." if told else ""
    if option.secondary_opts:
        chosen = option.opts[0] if option.default else option.secondary_opts[0]
        more = f" Default: {chosen}."
    text = str(option.help or "").replace("|", "\\|")
    return (text if text.endswith((".", "]")) or not text else f"{text}.") + more


def reference() -> str:
    """All commands, each with its options."""
    parts = [
        part
        for words, command in commands()
        if words != "rollcall"
        for part in _section(words, command)
    ]
    return "\n\n".join(parts) + "\n"


def page() -> str:
    """The whole page: what was written by hand, then the reference."""
    return PAGE.read_text(encoding="utf-8").partition(MARK)[0] + MARK + "\n" + reference()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
