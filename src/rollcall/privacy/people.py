"""Finds a person in every room, gives out what is kept of them, and erases it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction

from rollcall.core import emails
from rollcall.core.actor import Actor
from rollcall.privacy.registry import records
from rollcall.privacy.subject import Subject


def identify(text: str) -> list[Subject]:
    """The people whom this may mean: an id of a user, an e-mail, a username, an id at a source.

    More than one where an e-mail is a user's and another one's account, say: ask again by an id
    (`user:ID`, `account:ID`). An e-mail that no room knows by itself stands for whoever has it.
    """
    people = _merged(_asked(text))
    # who was found by one room's name is known to another by the user
    users = [f"user:{subject.user_id}" for subject in people if subject.user_id]
    more = [subject for user in users for subject in _asked(user)]
    people = _merged([*people, *(s for s in more if any(s.is_same(known) for known in people))])
    if not people and "@" in text:
        people.append(Subject(emails=frozenset({emails.normalize(text)})))
    return people


def search(text: str) -> list[Subject]:
    """The first people whose names hold these words, neither case nor accents counting.

    For looking alone: who is given out or erased is named by what is theirs and nobody else's.
    """
    return _merged(subject for room in records() for subject in room.search(text))


def allow_erasing(subject: Subject) -> None:
    """See whether `erase` would be done: asked before somebody is asked whether they are sure.

    Raises:
        Problem: something stands in the way, which the person at work can mend.
    """
    for room in records():
        room.allow(subject)


def _asked(text: str) -> list[Subject]:
    return [subject for room in records() for subject in room.identify(text)]


def _merged(subjects: Iterable[Subject]) -> list[Subject]:
    people: list[Subject] = []
    for subject in subjects:
        for known in [known for known in people if known.is_same(subject)]:
            people.remove(known)
            # It may join two who were apart until now: the account of one e-mail and the user of
            # another.
            subject = subject.merged(known)
        people.append(subject)
    return people


def find(subject: Subject) -> dict[str, dict[str, int]]:
    """By the name of the records, how many rows of each model are about the person."""
    counts_by_room = {room.name: room.find(subject) for room in records()}
    return {name: counts for name, counts in counts_by_room.items() if any(counts.values())}


def export(subject: Subject) -> Iterator[dict[str, Any]]:
    """Everything that is kept of the person, a row at a time, as JSON takes it."""
    for room in records():
        for row in room.export(subject):
            yield {"records": room.name, **row}


@transaction.atomic
def erase(subject: Subject, actor: Actor) -> Mapping[str, int]:
    """Erase the person in every room, in one transaction; by the name of the records, how many.

    The highest room goes first, the audit trail last: it takes the person out of the events of
    the erasing, too, and writes down that it was done. Doing it again finds what came since.

    Raises:
        Problem: something stands in the way, which the person at work can mend.
    """
    return {room.name: room.erase(subject, actor) for room in reversed(records())}
