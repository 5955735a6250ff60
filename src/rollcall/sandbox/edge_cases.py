"""The peculiar people: sixteen in a row, once at a company's end and once in every thousand before.

They are people whom nobody reports to. In a company of fewer than about thirty there are none.
"""

from __future__ import annotations

from enum import StrEnum

from .orgchart import last_manager

_EVERY = 1000
_FROM_END = 10


class Peculiarity(StrEnum):
    """What is peculiar about a person."""

    NO_EMAIL = "no e-mail"
    DUPLICATE_EMAIL = "the e-mail of another person"
    DUPLICATE_IN_OTHER_CASE = "the e-mail of another person in capitals, with a blank after it"
    SHARED_MAILBOX = "one mailbox for three people"
    HTML_POSITION = "HTML in the position"
    ENTITY_POSITION = "an HTML entity in the position"
    LEFT_SUPERVISOR = "a supervisor who left"
    REPORTS_TO_LEFT_SUPERVISOR = "reports to a supervisor who left"
    SUPERVISOR_CYCLE = "two people who supervise each other"


KINDS = (
    Peculiarity.NO_EMAIL,
    Peculiarity.NO_EMAIL,
    Peculiarity.DUPLICATE_EMAIL,
    Peculiarity.DUPLICATE_EMAIL,
    Peculiarity.DUPLICATE_IN_OTHER_CASE,
    Peculiarity.DUPLICATE_IN_OTHER_CASE,
    Peculiarity.SHARED_MAILBOX,
    Peculiarity.SHARED_MAILBOX,
    Peculiarity.SHARED_MAILBOX,
    Peculiarity.HTML_POSITION,
    Peculiarity.ENTITY_POSITION,
    Peculiarity.REPORTS_TO_LEFT_SUPERVISOR,
    Peculiarity.REPORTS_TO_LEFT_SUPERVISOR,
    Peculiarity.LEFT_SUPERVISOR,
    Peculiarity.SUPERVISOR_CYCLE,
    Peculiarity.SUPERVISOR_CYCLE,
)
"""What is peculiar about each of a set, counted from the company's end."""

SUPERVISOR_STEPS = {11: 2, 12: 1, 14: 1, 15: -1}
"""Peculiar slots with a supervisor of their own: how many slots on that person sits."""

HTML_POSITION = "<b>Leitung</b> Einkauf <script>alert('hallo')</script>"
ENTITY_POSITION = "Sachbearbeitung Einkauf &amp; Logistik"


def sets(people: int) -> int:
    """How many sets of peculiar people a company of that size has."""
    room = people - 1 - _FROM_END - (len(KINDS) - 1) - last_manager(people)
    return 0 if room <= 0 else 1 + (room - 1) // _EVERY


def slot(people: int, position: int) -> tuple[int, int] | None:
    """The set and the place in it of a position; None for an ordinary one."""
    which, place = divmod(people - 1 - position - _FROM_END, _EVERY)
    if which < 0 or place >= len(KINDS) or which >= sets(people):
        return None
    return which, place


def position(people: int, which: int, place: int) -> int:
    """The position at a place of a set; the inverse of `slot`."""
    return people - 1 - _FROM_END - which * _EVERY - place


def shared_mailbox(which: int) -> str:
    """The local part of the mailbox that three people of a set share."""
    return f"schichtbuero{which + 1}"
