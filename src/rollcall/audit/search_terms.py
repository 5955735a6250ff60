"""`search_term` of Directory Insights as a condition on events (JumpCloud Directory Insights 1.0).

A term is one of `and`, `or` and `not` over values by dotted field; a list of values means any of
them. The contract leaves open what a conjunction holds beside fields; here it may hold another one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from operator import and_, or_
from typing import Any, Final

from django.db.models import Q

from rollcall.audit.actor import Initiator
from rollcall.audit.event_types import actions_of, is_whole_type

MOST_VALUES: Final = 200
"""In one term, all its conjunctions together."""
DEEPEST: Final = 5
LONGEST: Final = 255
JOINTS: Final = ("and", "or", "not")
HEXADECIMAL: Final = re.compile("[0-9a-fA-F]{1,24}")
LARGEST_KEY: Final = 2**63

COLUMNS: Final[Mapping[str, str]] = {
    "service": "service",
    "event_type": "event_type",
    "success": "success",
    "error_message": "reason",
    "client_ip": "client_ip",
    "action": "action",
    "door": "door",
    "initiated_by.id": "actor_id",
    "initiated_by.type": "actor_type",
    "initiated_by.email": "actor_name",
    "initiated_by.username": "actor_name",
    "initiated_by.source": "door",
    "resource.id": "target_id",
    "resource.type": "target_type",
    "resource.displayname": "target_name",
    "resource.email": "target_name",
    "resource.username": "target_name",
    "application.id": "details__application__id",
    "application.name": "details__application__name",
    "application.display_label": "details__application__display_label",
    "mfa": "details__mfa",
    "idp_initiated": "details__idp_initiated",
    "geoip.country_code": "details__auth_context__decision__facts__country",
}
"""Where each field is that can be searched and told apart; `changes` cannot, as with the vendor."""

TRUTHS: Final = ("success", "mfa", "idp_initiated")
"""Fields that hold true or false, for which the text of either counts as well."""

Value = str | bool | int


class Unsearchable(ValueError):
    """A query that cannot be answered; the text says why, for whoever sent it."""


def condition(term: Mapping[str, Any]) -> Q:
    """The condition of a term; an empty term asks for nothing.

    Raises:
        Unsearchable: it is none, names an unknown field, or asks for too much.
    """
    if not term:
        return Q()
    if len(term) > 1 or not set(term) <= set(JOINTS):
        raise Unsearchable("search_term holds one of and, or, not")
    if sum(1 for _ in _leaves(term, DEEPEST)) > MOST_VALUES:
        raise Unsearchable(f"search_term holds more than {MOST_VALUES} values")
    [(joint, body)] = term.items()
    return _joined(joint, body)


def column(name: str) -> str:
    """The column of a field, by its dotted name.

    Raises:
        Unsearchable: no such field can be searched.
    """
    if name not in COLUMNS:
        raise Unsearchable(f"{name[:100]!r} is no field that can be searched")
    return COLUMNS[name]


def belonging(name: str) -> Q:
    """The condition that an event has this field at all, where its column holds another one too."""
    kind = name.rpartition(".")[2]
    if kind not in ("email", "username"):
        return Q()
    has_at = Q((f"{COLUMNS[name]}__contains", "@"))
    return has_at if kind == "email" else ~has_at


def _joined(joint: str, body: object) -> Q:
    parts = [
        _joined(name, value) if name in JOINTS else _compared(name, value)
        for name, value in _pairs(body)
    ]
    if not parts:
        return Q()
    if joint == "and":
        return reduce(and_, parts)
    return reduce(or_, parts) if joint == "or" else ~reduce(or_, parts)


def _pairs(body: object) -> Iterator[tuple[str, Any]]:
    """What a conjunction joins: an object by its names, or several objects in a list."""
    for part in body if isinstance(body, list) else [body]:
        if not isinstance(part, dict):
            raise Unsearchable("and, or, not hold values by field")
        yield from part.items()


def _leaves(term: object, depth: int) -> Iterator[object]:
    if depth < 0:
        raise Unsearchable(f"search_term is nested more than {DEEPEST} times")
    if isinstance(term, dict):
        for name, value in term.items():
            yield from _leaves(value, depth - (name in JOINTS))
    elif isinstance(term, list):
        for value in term:
            yield from _leaves(value, depth - isinstance(value, list))
    else:
        yield term


def _compared(name: str, given: object) -> Q:
    values = [_value(name, value) for value in (given if isinstance(given, list) else [given])]
    if name in SPECIAL:
        return reduce(or_, (SPECIAL[name](str(value)) for value in values), Q(pk__in=()))
    place = column(name)
    if place.startswith("details__"):
        # No IN over a key of JSON: the engines compare its values in ways of their own. That the
        # key is there is asked for as well, so that `not` finds the events that lack it.
        said = reduce(or_, (Q((place, value)) for value in values), Q(pk__in=()))
        return Q((f"{place}__isnull", False)) & said
    # The vendor keeps values in lower case, and so its clients ask for them.
    lower = {value.lower() for value in values if isinstance(value, str)}
    return Q((f"{place}__in", sorted({*values, *lower}, key=str))) & belonging(name)


def _value(name: str, value: object) -> Value:
    if not isinstance(value, str | bool | int):
        raise Unsearchable(f"{name[:100]!r} is compared with a text, a number, true or false")
    if name in TRUTHS:
        truth = {"true": True, "false": False}.get(str(value).lower())
        if truth is None:
            raise Unsearchable(f"{name!r} is true or false")
        return truth
    text = str(value)
    if len(text) > LONGEST:
        raise Unsearchable(f"a value of {name[:100]!r} has more than {LONGEST} characters")
    return text


def of_type(name: str) -> Q:
    """The condition that events are of this type."""
    actions = Q(action__in=actions_of(name.lower()))
    # By the action, which has an index; the type itself is asked for only where it takes both.
    return actions if is_whole_type(name.lower()) else actions & Q(event_type=name.lower())


def with_id(text: str) -> Q:
    """Of this id, the key in hexadecimal digits; what is no id is nobody's."""
    key = int(text, 16) if HEXADECIMAL.fullmatch(text) else -1
    return Q(pk=key if key < LARGEST_KEY else -1)


def _by(kind: str) -> Q:
    """By the kind of initiator; a key acts for an admin, as the vendor has it."""
    lower = kind.lower()
    return Q(actor_type__in=[lower, Initiator.API_KEY.value] if lower == "admin" else [lower])


SPECIAL: Final[Mapping[str, Callable[[str], Q]]] = {
    "id": with_id,
    "event_type": of_type,
    "initiated_by.type": _by,
}
