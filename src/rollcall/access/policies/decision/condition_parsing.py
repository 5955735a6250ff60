"""Reads conditions as JumpCloud's clients write them, with what we add (*time*, *expression*).

The vendor's description leaves `conditions` open; its own client writes `{"all": […]}`,
`{"any": […]}`, `{"not": {…}}` and leaves, of which several in one object must all hold. `{}` holds
always. `operatingSystem`, `osVersion`, `time` and `expression` are in our own form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rollcall.access.policies.decision.conditions import (
    AddressIn,
    AllOf,
    AnyOf,
    Condition,
    CountryIn,
    Expressed,
    Fact,
    Hours,
    Not,
    OperatingSystem,
    OsVersion,
)
from rollcall.access.policies.decision.expression import language
from rollcall.access.policies.decision.faults import Fault, Malformed
from rollcall.access.policies.decision.versions import LONGEST, is_version
from rollcall.core.expressions import ExpressionMalformed

DEEPEST: Final = 10
MOST_NODES: Final = 100
MOST_VALUES: Final = 300
SYSTEMS: Final = ("android", "ios", "linux", "macos", "windows")
DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def parse(given: object) -> Condition:
    """The tree of these conditions.

    Raises:
        Malformed: with the place of the first mistake.
    """
    return _Reading().condition(given, "conditions", 1)


class _Reading:
    """One tree while it is read: how many nodes it has had so far."""

    def __init__(self) -> None:
        self._nodes = 0

    def condition(self, given: object, place: str, depth: int) -> Condition:
        if not isinstance(given, dict):
            raise _wrong(place, "write an object")
        if depth > DEEPEST:
            raise _wrong(place, f"nested deeper than {DEEPEST}")
        parts = tuple(
            self._part(str(key), value, f"{place}.{key}", depth) for key, value in given.items()
        )
        return parts[0] if len(parts) == 1 else AllOf(parts)

    def _part(self, key: str, value: object, place: str, depth: int) -> Condition:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise _wrong(place, f"more than {MOST_NODES} conditions")
        if key in ("all", "any"):
            if not isinstance(value, list):
                raise _wrong(place, "write a list of conditions")
            parts = tuple(
                self.condition(part, f"{place}.{number}", depth + 1)
                for number, part in enumerate(value)
            )
            return AllOf(parts) if key == "all" else AnyOf(parts)
        if key == "not":
            return Not(self.condition(value, place, depth + 1))
        if key in LEAVES:
            return LEAVES[key](value, place)
        raise _wrong(place, f"there is no such condition; there are {', '.join(KNOWN)}")


def _addresses(value: object, place: str) -> Condition:
    return AddressIn(tuple(dict.fromkeys(_texts(value, place, "ids of IP lists"))))


def _countries(value: object, place: str) -> Condition:
    listed = value.get("countries") if isinstance(value, Mapping) else value
    codes = [code.upper() for code in _texts(listed, place, "countries like DE")]
    for code in codes:
        if not (len(code) == 2 and code.isascii() and code.isalpha()):
            raise _wrong(place, f"“{code[:20]}” is no country of two letters like DE")
    return CountryIn(frozenset(codes))


def _fact(name: str) -> Callable[[object, str], Condition]:
    def read(value: object, place: str) -> Condition:
        if not isinstance(value, bool):
            raise _wrong(place, "write true or false")
        return Fact(name, value)

    return read


def _systems(value: object, place: str) -> Condition:
    listed = [value] if isinstance(value, str) else value
    return OperatingSystem(
        frozenset(_system(system, place) for system in _texts(listed, place, "systems"))
    )


def _version(value: object, place: str) -> Condition:
    known = {"operatingSystem", "atLeast", "atMost"}
    if not isinstance(value, Mapping) or not {"operatingSystem"} < set(value) <= known:
        raise _wrong(place, "write operatingSystem with atLeast, atMost or both")
    bounds = [value.get(name, "") for name in ("atLeast", "atMost")]
    for bound in bounds:
        if not isinstance(bound, str) or len(bound) > LONGEST or (bound and not is_version(bound)):
            raise _wrong(place, "write a version like 14.2")
    return OsVersion(_system(value["operatingSystem"], place), bounds[0], bounds[1])


def _system(value: object, place: str) -> str:
    system = str(value).lower()
    if system not in SYSTEMS:
        raise _wrong(place, f"“{system[:20]}” is none of {', '.join(SYSTEMS)}")
    return system


def _hours(value: object, place: str) -> Condition:
    if not isinstance(value, Mapping) or not set(value) <= {"days", "from", "until", "zone"}:
        raise _wrong(place, "write days, from, until and zone")
    days = _texts(value.get("days", list(DAYS)), place, "days")
    for day in days:
        if day.lower() not in DAYS:
            raise _wrong(place, f"“{day[:20]}” is none of {', '.join(DAYS)}")
    try:
        zone = ZoneInfo(str(value["zone"])[:64])
        start = _clock(value.get("from", "00:00"))
        until = _clock(value.get("until", "00:00"))
    except (KeyError, OSError, ZoneInfoNotFoundError):
        raise _wrong(place, "write a zone like Europe/Berlin") from None
    except ValueError:
        raise _wrong(place, "write times like 08:30, and a zone like Europe/Berlin") from None
    return Hours(frozenset(DAYS.index(day.lower()) for day in days), start, until, zone)


def _clock(value: object) -> time:
    text = str(value)
    if len(text) != 5:
        raise ValueError(text)
    return time.fromisoformat(text)


def _expression(value: object, place: str) -> Condition:
    if not isinstance(value, str):
        raise _wrong(place, "write an expression as text")
    try:
        return Expressed(language().compile(value))
    except ExpressionMalformed as error:
        raise _wrong(place, str(error)) from None


def _not(read: Callable[[object, str], Condition]) -> Callable[[object, str], Condition]:
    return lambda value, place: Not(read(value, place))


LEAVES: Final[Mapping[str, Callable[[object, str], Condition]]] = {
    "ipAddressIn": _addresses,
    "ipAddressNotIn": _not(_addresses),
    "locationIn": _countries,
    "locationNotIn": _not(_countries),
    "deviceManaged": _fact("deviceManaged"),
    "deviceEncrypted": _fact("deviceEncrypted"),
    "operatingSystem": _systems,
    "osVersion": _version,
    "mfaConfigured": _fact("mfaConfigured"),
    "time": _hours,
    "expression": _expression,
}
KNOWN: Final = ("all", "any", "not", *LEAVES)


def _texts(value: object, place: str, what: str) -> list[str]:
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        raise _wrong(place, f"write a list of {what}")
    if len(value) > MOST_VALUES or any(len(text) > 255 for text in value):
        raise _wrong(place, f"at most {MOST_VALUES} values")
    return list(map(str, value))


def _wrong(place: str, text: str) -> Malformed:
    return Malformed(Fault(place, text))


def address_lists(given: Any) -> frozenset[str]:
    """The ids of the IP lists that valid conditions name."""
    if isinstance(given, list):
        return frozenset().union(*map(address_lists, given))
    if not isinstance(given, dict):
        return frozenset()
    ids: frozenset[str] = frozenset()
    for key, value in given.items():
        ids |= frozenset(value) if key.startswith("ipAddress") else address_lists(value)
    return ids
