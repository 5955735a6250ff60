"""Reads a gettext catalogue (`.po`) without gettext's tools."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CONTEXT_END = "\x04"


@dataclass
class Entry:
    """One text: its key (context and English), its translations, and whether it is a guess."""

    context: str | None = None
    english: str = ""
    plural: str | None = None
    german: list[str] = field(default_factory=list)
    is_fuzzy: bool = False

    @property
    def key(self) -> str:
        """The key under which a compiled catalogue keeps it."""
        return self.english if self.context is None else self.context + CONTEXT_END + self.english


def entries(file: Path) -> Iterator[Entry]:
    """Every entry of the catalogue, the head left out."""
    for block in file.read_text(encoding="utf-8").split("\n\n"):
        found = _entry(block)
        if found.english:
            yield found


def _entry(block: str) -> Entry:
    found, kind = Entry(), ""
    for line in block.splitlines():
        if line.startswith("#"):
            found.is_fuzzy |= line.startswith("#,") and "fuzzy" in line
            continue
        word, _, text = line.partition(" ") if not line.startswith('"') else (kind, "", line)
        kind = word
        _add(found, word, str(ast.literal_eval(text)), continues=line.startswith('"'))
    return found


def _add(found: Entry, word: str, text: str, *, continues: bool) -> None:
    if word == "msgctxt":
        found.context = (found.context or "") + text
    elif word == "msgid":
        found.english += text
    elif word == "msgid_plural":
        found.plural = (found.plural or "") + text
    elif continues:
        found.german[-1] += text
    else:
        found.german.append(text)
