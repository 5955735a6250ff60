"""Tells what of some users has changed since a writer looked at them, before it writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rollcall.core.user_fields import ATTRIBUTE_PREFIX
from rollcall.directory.models import User
from rollcall.directory.rules import normalized

COLUMNS: Final[Mapping[str, str]] = {"manager": "manager_id"}
"""The columns of fields that are called otherwise."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a writer saw of a user, and what it wants to write, by the directory's field names."""

    id: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Move:
    """A field that is neither as it was seen nor as it is to be.

    `source` and `moment` (ISO 8601) are who wrote it last and when; empty where that is not known.
    """

    field: str
    value: str
    source: str = ""
    moment: str = ""


@dataclass(frozen=True, slots=True)
class Moves:
    """What became of one user since it was seen: what others changed, and what is left to write.

    A user who is gone has neither. `there` are the fields that have the wished value by now.
    """

    moved: tuple[Move, ...] = ()
    there: frozenset[str] = frozenset()

    def leaves(self, field: str) -> bool:
        """Whether this field may still be written."""
        return field not in self.there and all(move.field != field for move in self.moved)


def moves(seen: Sequence[Seen], users: Mapping[str, User]) -> list[Moves]:
    """What has changed since of each user seen; `users` are those who are held (`hold_users`)."""
    return [_moves(wish, users[wish.id]) if wish.id in users else Moves() for wish in seen]


def _moves(seen: Seen, user: User) -> Moves:
    wished = normalized(seen.after)
    there, moved = set(), []
    for field, before in seen.before.items():
        now = _value(user, field)
        # As it was seen: free to be written.
        if now == _text(before):
            continue
        if now == _text(wished[field]):
            there.add(field)
        else:
            moved.append(Move(field, now, *_stamp(user.provenance, field)))
    return Moves(tuple(moved), frozenset(there))


def _value(user: User, field: str) -> str:
    if not field.startswith(ATTRIBUTE_PREFIX):
        return _text(getattr(user, COLUMNS.get(field, field)))
    name = field.removeprefix(ATTRIBUTE_PREFIX)
    records: Iterator[str] = (
        record["value"] for record in user.attributes if record["name"] == name
    )
    return next(records, "")


def _text(value: Any) -> str:
    """Nothing is one thing, whether it is an empty text or none."""
    return "" if value is None else str(value)


def _stamp(provenance: Mapping[str, Sequence[str]], field: str) -> tuple[str, str]:
    source, moment = (*provenance.get(field, ()), "", "")[:2]
    return source, moment
