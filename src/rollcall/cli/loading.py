"""Loads a command's room when the command is run or asked for help, and not before."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
import typer.main
from typer.core import TyperGroup


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command is (`package.module:name`, a function or a Typer app), and its first line.

    The line stands here too, because `rollcall --help` shows it and loads nothing.
    """

    place: str
    line: str

    def load(self, name: str) -> Any:
        """The command, with this name."""
        module, _, attribute = self.place.partition(":")
        with uncollected():
            return _command(name, getattr(import_module(module), attribute))


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile: modules are made to stay, and looking through them all again
    and again takes a tenth of the time that loading takes."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _command(name: str, command: typer.Typer | Callable[..., Any]) -> Any:
    holder = typer.Typer(rich_markup_mode=None, add_completion=False)
    holder.callback()(lambda: None)  # with one, a single command is not taken for the whole
    if isinstance(command, typer.Typer):
        holder.add_typer(command, name=name)
    else:
        holder.command(name)(command)
    return typer.main.get_group(holder).commands[name]


class Commands(Mapping[str, Any]):
    """Commands by name, each loaded when it is looked up."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries = entries
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._loaded:
            self._loaded[name] = self._entries[name].load(name)
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


class LazyGroup(TyperGroup):
    """A group whose commands are `entries`."""

    entries: Mapping[str, Entry] = {}

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**{**attributes, "commands": {}})
        self.commands = Commands(self.entries)  # type: ignore[assignment]  # never written to

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of all commands, none loaded."""
        return list(self.entries)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the first line of every command, none loaded."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.line) for name, entry in self.entries.items()])


def lazy_group(entries: Mapping[str, Entry]) -> type[TyperGroup]:
    """The kind of group that holds these commands."""
    return type("Commands", (LazyGroup,), {"entries": entries})
