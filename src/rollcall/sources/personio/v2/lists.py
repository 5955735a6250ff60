"""What a list of v2 holds: the rows of an answer, whatever they are of."""

from __future__ import annotations

from typing import Any

from rollcall.sources.personio import responses
from rollcall.sources.personio.errors import PersonioMisbehaved


def rows(content: dict[str, Any]) -> list[Any]:
    """The rows of a page (v2, `_data`).

    Raises:
        PersonioMisbehaved: it holds no list.
    """
    data = content.get("_data")
    if not isinstance(data, list):
        raise PersonioMisbehaved(
            f"Personio answered with something else than a list; {responses.NOT_PERSONIO}"
        )
    return data
