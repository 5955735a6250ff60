"""How much a SCIM client may ask for at once; counted in the text, before any of it is parsed."""

from __future__ import annotations

from typing import Any, Final

from scim2_models import InvalidFilterException, InvalidValueException

from rollcall.api.scim.filters import MOST

LONGEST_FILTER: Final = 16_000
DEEPEST_FILTER: Final = 50
MOST_ATTRIBUTES: Final = 100
MOST_OPERATIONS: Final = 1000
LISTS: Final = frozenset({"attributes", "excludedattributes"})


def check_query(content: Any) -> None:
    """Let pass the parameters of a query, or the body of a search, that ask for little enough.

    Raises:
        SCIMException: they do not.
    """
    if not isinstance(content, dict):
        return
    for name, value in content.items():
        if name.lower() == "filter" and isinstance(value, str):
            _check_filter(value)
        elif name.lower() in LISTS:
            _check_list(name, value)


def check_patch(content: Any) -> None:
    """Let pass a patch of few enough operations; see `check_query`."""
    if not isinstance(content, dict):
        return
    for name, value in content.items():
        many = isinstance(value, list) and len(value) > MOST_OPERATIONS
        if name.lower() == "operations" and many:
            raise InvalidValueException(detail=f"There are more than {MOST_OPERATIONS} operations")


def _check_filter(text: str) -> None:
    words = text.lower()
    # More than there are, where a value holds these words: this is a bound and no parser.
    comparisons = words.count(" and ") + words.count(" or ") + 1
    if len(text) > LONGEST_FILTER or comparisons > MOST:
        raise InvalidFilterException(detail=f"The filter has more than {MOST} comparisons")
    if text.count("(") + text.count("[") > DEEPEST_FILTER:
        raise InvalidFilterException(detail="The filter has too many brackets")


def _check_list(name: str, value: Any) -> None:
    number = value.count(",") + 1 if isinstance(value, str) else 0
    if isinstance(value, list):
        number = len(value) + sum(item.count(",") for item in value if isinstance(item, str))
    if number > MOST_ATTRIBUTES:
        raise InvalidValueException(detail=f"{name} has more than {MOST_ATTRIBUTES} attributes")
