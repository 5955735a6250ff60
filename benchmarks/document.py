"""The sections of docs/performance.md, each written by the program that measures it."""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"


def put(name: str, text: str) -> None:
    """Put the section of this name where it was, or at the end."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    section = f"{begin}\n{text.strip()}\n{end}\n"
    page = FILE.read_text(encoding="utf-8")
    before, there, rest = page.partition(begin)
    if there:
        page = before + section + rest.partition(f"{end}\n")[2]
    else:
        page = f"{page.rstrip()}\n\n{section}"
    FILE.write_text(page, encoding="utf-8")
