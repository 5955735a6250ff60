"""The fields of a user: their limits, the form in which each is stored, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from rollcall.core import emails, invisible, usernames
from rollcall.core.refusal import Refusal, refuse_invisible
from rollcall.core.text import clean, settled
from rollcall.core.user_texts import TEXTS

PLAIN_TEXTS: Final = tuple(TEXTS)
"""The text fields that may be empty and need not be unique, in the order of lists."""

MAX_LENGTH: Final[Mapping[str, int]] = {
    "username": usernames.LIMIT,
    "email": emails.LIMIT,
    **{name: text.limit for name, text in TEXTS.items()},
    "employeeIdentifier": 256,
}
"""The directory's limit for each text field, in characters (JumpCloud v1, POST systemusers)."""

ALTERNATE_LENGTHS: Final[Mapping[str, int]] = {"alternateEmail": 1024, "recoveryEmail": 1024}
LISTS: Final[Mapping[str, int]] = {"attributes": 200, "addresses": 50, "phoneNumbers": 50}
"""The fields that are lists of small records, and how many they hold at the most."""

FLAGS: Final = frozenset({"activated", "account_locked", "password_expired"})
ATTRIBUTE_PREFIX: Final = "attributes."
"""How a custom attribute is named among the fields: `attributes.costObject`."""

MAX_ATTRIBUTE_LENGTH: Final = 1024
"""The directory's limit for the value of a custom attribute, in characters."""

REQUIRED: Final = frozenset({"username", "email"})
_LIMITS: Final[Mapping[str, int]] = {**MAX_LENGTH, **ALTERNATE_LENGTHS}
_ATTRIBUTE = re.compile(r"[A-Za-z0-9]+")


def normalize(field: str, value: Any) -> Any:
    """The value in the one form in which this field is stored, whichever door it came through."""
    if isinstance(value, str):
        if field == "manager":
            return clean(value) or None
        text = settled(value)
        if field == "email":
            # what cannot be seen is refused by name, and would be lost in the form to look up
            return text if invisible.first_in(text, written=False) else emails.normalize(text)
        # None and not empty: it is unique
        return (text or None) if field == "employeeIdentifier" else text
    if field in LISTS:
        return [_cleaned(record) for record in value or ()]
    if value is None and field in _LIMITS and field != "employeeIdentifier":
        return ""
    return value


def refusals(values: Mapping[str, Any]) -> Iterator[Refusal]:
    """What is wrong with these normalized values, each looked at by itself."""
    for field, value in values.items():
        if refusal := refuse(field, value):
            yield refusal


def refuse(field: str, value: Any) -> Refusal | None:
    """Why no user can have this normalized value in this field; None where one can.

    The fields `state` and `manager` need more than their value: see `directory.rules`.
    """
    limit = _LIMITS.get(field)
    if limit is not None:
        return _refuse_text(field, value or "", limit)
    if field.startswith(ATTRIBUTE_PREFIX):
        return _refuse_attribute(field, field.removeprefix(ATTRIBUTE_PREFIX), value)
    if field in LISTS:
        return _refuse_list(field, value)
    if field in FLAGS:
        return None if isinstance(value, bool) else Refusal(field, "malformed", str(value))
    return None if field in ("state", "manager") else Refusal(field, "unknown_field")


def _refuse_text(field: str, text: Any, limit: int) -> Refusal | None:
    if not isinstance(text, str):
        return Refusal(field, "malformed", str(text))
    if not text:
        return Refusal(field, "required") if field in REQUIRED else None
    if len(text) > limit:
        return _too_long(field, len(text), limit)
    if refusal := refuse_invisible(field, text, written=field in TEXTS):
        return refusal
    if field == "email" and not emails.is_valid(text):
        return Refusal(field, "email_malformed", text)
    if field == "username" and not usernames.is_valid(text):
        return Refusal(field, "username_malformed", text)
    return None


def _refuse_attribute(field: str, name: str, value: Any) -> Refusal | None:
    if not _ATTRIBUTE.fullmatch(name) or len(name) > MAX_ATTRIBUTE_LENGTH:
        return Refusal(field, "unknown_field")
    if not isinstance(value, str | None):
        return Refusal(field, "malformed", str(value))
    return _refuse_part(field, value or "")


def _refuse_list(field: str, records: list[Mapping[str, Any]]) -> Refusal | None:
    if len(records) > LISTS[field]:
        params = {"limit": str(LISTS[field]), "length": str(len(records))}
        return Refusal(field, "too_many", params=params)
    if field == "attributes":
        names = [str(record.get("name", "")) for record in records]
        if twice := _twice(names):
            return Refusal(field, "named_twice", twice)
    for record in records:
        for text in record.values():
            if isinstance(text, str) and (refusal := _refuse_part(field, text)):
                return refusal
    return None


def _refuse_part(field: str, text: str) -> Refusal | None:
    if len(text) > MAX_ATTRIBUTE_LENGTH:
        return _too_long(field, len(text), MAX_ATTRIBUTE_LENGTH)
    return refuse_invisible(field, text)


def _too_long(field: str, length: int, limit: int) -> Refusal:
    return Refusal(field, "too_long", params={"limit": str(limit), "length": str(length)})


def _twice(names: Iterable[str]) -> str:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return ""


def _cleaned(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: settled(value) if isinstance(value, str) else value for key, value in record.items()
    }
