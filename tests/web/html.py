"""Pages as text that tests look into, whatever the templates' own line breaks."""

from __future__ import annotations

import re


def squeezed(page: str) -> str:
    """The page with every run of whitespace as one space, and none beside a tag."""
    return re.sub(r"(?<=>) | (?=<)", "", re.sub(r"\s+", " ", page))
