"""What happens in the company between day one and day two: who comes, goes, moves and marries."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .orgchart import last_manager

FIRST_ID = 4_710_000
"""The Personio id of position 0."""

_SMALLEST = 20
_EVERY = 100


class Event(StrEnum):
    """What day two brings to one person."""

    LEAVER = "leaver"
    MOVE = "move"
    RENAME = "rename"


EVENTS = (Event.LEAVER, Event.MOVE, Event.RENAME, Event.MOVE)
"""What the last four people of every hundred meet, counted from the company's end."""


@dataclass(frozen=True, slots=True)
class DayTwo:
    """The Personio ids of everybody whom day two changes; nobody is in two of the four."""

    hires: tuple[int, ...]
    leavers: tuple[int, ...]
    moves: tuple[int, ...]
    renames: tuple[int, ...]


def hires(people: int) -> int:
    """How many people are hired overnight into a company of that size."""
    return 0 if people < _SMALLEST else max(1, people // _EVERY)


def event(people: int, position: int) -> Event | None:
    """What day two brings to a position; None for nothing."""
    place = (people - 1 - position) % _EVERY
    if place >= len(EVENTS) or people < _SMALLEST:
        return None
    return EVENTS[place] if last_manager(people) < position < people else None


def marriage(people: int, position: int) -> int:
    """The number of a marriage among the day's, given the position of the person who marries."""
    return (people - 1 - position) // _EVERY


def married_position(people: int, number: int) -> int:
    """The position of the person with that number of marriage; the inverse of `marriage`."""
    return people - 1 - EVENTS.index(Event.RENAME) - _EVERY * number


def day_two_of(people: int) -> DayTwo:
    """Everybody whom day two changes in a company of that size."""

    def ids(wanted: Event) -> tuple[int, ...]:
        return tuple(
            FIRST_ID + position
            for place, kind in enumerate(EVENTS)
            if kind is wanted
            for position in range(people - 1 - place, -1, -_EVERY)
            if event(people, position) is wanted
        )

    return DayTwo(
        hires=tuple(range(FIRST_ID + people, FIRST_ID + people + hires(people))),
        leavers=ids(Event.LEAVER),
        moves=ids(Event.MOVE),
        renames=ids(Event.RENAME),
    )
