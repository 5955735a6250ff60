"""Names whose letter case does not count (RFC 7643, 2.1), in JSON that was not parsed yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rollcall.api.scim.resources import Group

GROUP: Final = f"{Group.__schema__}:".lower()
"""What may stand before an attribute of a group in a path, in small letters."""


def value_of(content: Any, name: str) -> Any:
    """The value of this key, given in small letters; None where there is none or no object."""
    if not isinstance(content, Mapping):
        return None
    return next((value for key, value in content.items() if str(key).lower() == name), None)
