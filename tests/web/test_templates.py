"""Templates can be read by people, too."""

from __future__ import annotations

from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "rollcall"
LONGEST_LINE = 159
"""Characters."""


def test_no_line_of_a_template_is_too_long_to_read() -> None:
    templates = [file for file in SOURCE.rglob("templates/**/*") if file.is_file()]
    assert templates
    long = [
        f"{file.relative_to(SOURCE)}:{number}"
        for file in templates
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > LONGEST_LINE
    ]
    assert not long
