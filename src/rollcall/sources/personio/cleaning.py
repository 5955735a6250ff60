"""One value of Personio's wire in any of its coats, turned into text, a date, an id or a list."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from rollcall.provisioning.employee import CostCenter, Supervisor
from rollcall.provisioning.employee_ids import LONGEST_ID

UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
"""Halves of characters, and the NUL: no database takes them."""


class Unusable(ValueError):
    """The value has a form that Personio does not document; what it says is unknown."""


def is_empty(value: object) -> bool:
    """Whether this is one of the coats that "nothing" comes in: null, "", [] and {}."""
    return value is None or value == "" or value == [] or value == {}


def text(value: object) -> str | None:
    """The text, or the name of an object (office, department, subcompany …); None for nothing.

    Raises:
        Unusable: the value is no text, number or named object, nor a list of such.
    """
    if isinstance(value, str):
        return storable(value) or None
    if is_empty(value):
        return None
    # Before the numbers, since Python's truth values are numbers too.
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number_text(value)
    if isinstance(value, list):
        return ", ".join(part for part in map(text, value) if part) or None
    parts = _parts(value)
    if not parts:
        return None
    if "name" not in parts:
        raise Unusable
    return text(unwrapped(parts["name"]))


def tags(value: object) -> str | None:
    """Tags as one text, `A, B`, whether they came as comma text or as a JSON list in a text.

    Raises:
        Unusable: the value is neither text nor a list of texts.
    """
    if not isinstance(value, str):
        return text(value)
    listed = _json_list(value)
    parts = listed if listed is not None else value.split(",")
    return ", ".join(part for part in (str(tag).strip() for tag in parts) if part) or None


def day(value: object) -> date | None:
    """The calendar day: the first ten characters, since converting its zone would shift it.

    Raises:
        Unusable: these are not a day.
    """
    if is_empty(value):
        return None
    if not isinstance(value, str):
        raise Unusable
    try:
        return date.fromisoformat(value.strip()[:10])
    except ValueError:
        raise Unusable from None


def moment(value: object) -> datetime | None:
    """The moment with its offset (`+01:00`, `+0100` or `Z`); UTC where it has none.

    Raises:
        Unusable: this is not a moment.
    """
    if is_empty(value):
        return None
    if not isinstance(value, str):
        raise Unusable
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        raise Unusable from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def identity(value: object) -> str:
    """An id as text, which the wire writes as a number or as text.

    One that nobody could keep is cut, and told from others cut like it by a digest.

    Raises:
        Unusable: this is no id.
    """
    if isinstance(value, str) and value.strip():
        return _bounded(storable(value.strip()))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _bounded(_number_text(value))
    raise Unusable


def supervisor(value: object) -> Supervisor | None:
    """Whom the employee reports to; id and e-mail come wrapped like an employee's, or flat.

    Raises:
        Unusable: there is a supervisor, and no id.
    """
    if is_empty(value):
        return None
    parts = _parts(value)
    if not parts:
        return None
    # Whether more than the id is sent follows rules that Personio does not tell.
    email = unwrapped(parts.get("email"))
    return Supervisor(
        identity(unwrapped(parts.get("id"))),
        storable(email) or None if isinstance(email, str) else None,
    )


def cost_centers(value: object) -> tuple[CostCenter, ...]:
    """The cost centers in Personio's order, with their percentages.

    Raises:
        Unusable: one of them has no name, or a percentage that is no number.
    """
    if is_empty(value):
        return ()
    listed = value if isinstance(value, list) else [value]
    return tuple(_cost_center(share) for share in listed if not is_empty(share))


def percentage(value: object) -> float | None:
    """A share in percent, as a number or as its text.

    Raises:
        Unusable: it is no number.
    """
    if is_empty(value):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Unusable
    try:
        number = float(value.replace(",", ".") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        raise Unusable from None
    if not math.isfinite(number):
        raise Unusable
    return number


def unwrapped(attribute: object) -> Any:
    """The value of `{"label", "value", …}`; anything else is taken for the value itself."""
    if isinstance(attribute, dict) and "value" in attribute:
        return attribute["value"]
    return attribute


def storable(value: str) -> str:
    """The text without what no database can hold; a half character becomes U+FFFD."""
    if not UNSTORABLE.search(value):
        return value
    return UNSTORABLE.sub("\ufffd", value.replace("\x00", ""))


def _bounded(identity: str) -> str:
    if len(identity) <= LONGEST_ID:
        return identity
    digest = hashlib.sha256(identity.encode()).hexdigest()
    return f"{identity[: LONGEST_ID - len(digest) - 1]}…{digest}"


def _cost_center(value: object) -> CostCenter:
    if isinstance(value, str):
        return CostCenter(storable(value))
    parts = _parts(value)
    name = text(unwrapped(parts.get("name")))
    if name is None:
        raise Unusable
    return CostCenter(name, percentage(unwrapped(parts.get("percentage"))))


def _parts(value: object) -> Mapping[str, Any]:
    """The attributes of `{"type": "Office", "attributes": {…}}`; an empty list stands for none."""
    if not isinstance(value, dict):
        raise Unusable
    parts = value.get("attributes", value)
    if is_empty(parts):
        return {}
    if not isinstance(parts, dict):
        raise Unusable
    return parts


def _number_text(value: float) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        raise Unusable
    # 4711.0 is the id 4711; beyond this a float no longer holds every whole number.
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    try:
        return str(value)
    except ValueError:  # Python writes out no number of more than some thousand digits
        raise Unusable from None


def _json_list(value: str) -> list[str] | None:
    if not value.lstrip().startswith("["):
        return None
    try:
        listed = json.loads(value)
    except (ValueError, RecursionError):
        return None
    if not isinstance(listed, list) or not all(isinstance(tag, str) for tag in listed):
        return None
    return [storable(tag) for tag in listed]
