"""The templates are readable: a formatter keeps their shape, and no line runs off the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.template.loader import get_template

import rollcall

PACKAGE = Path(rollcall.__file__).parent
TEMPLATES = sorted(PACKAGE.glob("**/templates/**/*.html"))
FILES = sorted(path for path in PACKAGE.glob("**/templates/**/*") if path.is_file())
"""Texts of e-mails, too."""

NAMES = sorted(
    {
        str(path.relative_to(folder))
        for folder in PACKAGE.glob("**/templates")
        for path in folder.rglob("*.html")
    }
)


def test_no_line_of_a_template_is_as_long_as_160_characters() -> None:
    long = [
        f"{path.relative_to(PACKAGE)}:{number}"
        for path in FILES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) >= 160
    ]
    assert FILES
    assert long == []


@pytest.mark.parametrize("name", NAMES)
def test_no_template_hides_another_of_the_same_name(name: str) -> None:
    found = Path(str(get_template(name).origin.name))  # type: ignore[attr-defined]
    assert found in TEMPLATES
    assert [path for path in TEMPLATES if str(path).endswith(f"/templates/{name}")] == [found]
