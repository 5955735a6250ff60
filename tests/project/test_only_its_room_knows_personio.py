"""No room but its own knows the word Personio: not in a name, an import, a text or a comment."""

from __future__ import annotations

from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "rollcall"
ITS_ROOMS = ("sources/personio/", "sandbox/")
"""The room itself, and the stand-in for the vendor."""

TEXTS = {
    "access/presets/oidc.py": "the preset of its single sign-on: it is an application, too",
    "cli/demo.py": "the demo starts the stand-in and says so",
    "cli/importing.py": "the help of the commands: where the credentials come from",
    "cli/main.py": "the help of `rollcall` and of `rollcall sandbox`",
    "sources/registry.py": "the list of rooms",
    "web/shell/text/catalogue.py": "the catalogue's words, for the translators",
}
"""Where people read of it, and why."""

FILES = [
    name
    for name in sorted(path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py"))
    if not name.startswith(ITS_ROOMS) and name not in TEXTS
]


def is_named_in(name: str) -> bool:
    """Whether the file has the word."""
    return "personio" in (SOURCE / name).read_text(encoding="utf-8").casefold()


@pytest.mark.parametrize("name", FILES)
def test_no_other_room_knows_it(name: str) -> None:
    assert not is_named_in(name)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_place_with_texts_is_still_one(name: str) -> None:
    assert is_named_in(name)
