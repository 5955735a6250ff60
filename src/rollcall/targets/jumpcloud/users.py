"""Users of the organization as JumpCloud tells of them, turned into `User`; pages and look-ups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from rollcall.core.user_fields import PLAIN_TEXTS
from rollcall.provisioning.user import ORIGINS, Origin, State, User
from rollcall.targets.jumpcloud.http import Wire
from rollcall.targets.jumpcloud.identity import Identity
from rollcall.targets.jumpcloud.payloads import AS_ATTRIBUTES
from rollcall.targets.jumpcloud.responses import (
    Answer,
    NotTheCloud,
    Record,
    Rejected,
    attributes_of,
    record_of,
    results_of,
    text_of,
    total_of,
)

PAGE: Final = 100
"""The largest page that JumpCloud gives (v1 and v2); more is answered with 400."""

MOST_PER_TERM: Final = 100
"""Users that one value may find: each has its own, except where an e-mail is shared by mistake."""

READINGS: Final = 3
"""How often a list that moves while it is read is read again, at the most."""

FIELDS: Final = (
    "_id username email state suspended employeeIdentifier manager attributes creationSource "
    f"{' '.join(name for name in PLAIN_TEXTS if name not in AS_ATTRIBUTES)}"
)


def everyone(wire: Wire, identity: Identity) -> Iterator[User]:
    """Every user once, in pages that are read several at a time (v1, GET systemusers).

    Pages are by number, so a user who is added or removed meanwhile moves the others: the end
    is read again when the total grew, and everything when it shrank.
    """
    seen: set[str] = set()
    first = _page(wire, 0)
    # Taken as the measure of completeness: JumpCloud gives no snapshot to page through.
    expected = total_of(first)
    yield from _unseen(results_of(first), identity, seen)
    # A server may give smaller pages than asked for; then its size is the step, or users are
    # skipped.
    size = len(results_of(first)) if expected > PAGE else PAGE
    start = size = size or PAGE
    for _ in range(READINGS):
        lowest = latest = expected
        skips = range(start, expected, size)
        for page in wire.in_parallel(lambda skip: _page(wire, skip), skips):
            latest = total_of(page)
            lowest = min(lowest, latest)
            records = results_of(page)
            yield from _unseen(records, identity, seen)
            if not records:
                break  # nothing comes after an empty page, whatever the total says
        if latest == expected <= len(seen):
            return
        # When somebody was removed, everybody behind moved up by one, over the edge of a page read
        # before.
        whole = lowest < expected or latest == expected
        start = 0 if whole else expected // size * size
        expected = latest


def user_of(record: Record, identity: Identity) -> User:
    """The user in a record of v1."""
    attributes = attributes_of(record)
    instead = {name: attributes.pop(name, "") for name in AS_ATTRIBUTES}
    texts: dict[str, Any] = {name: text_of(record, name) for name in PLAIN_TEXTS}
    return User(
        id=text_of(record, "_id", "id"),
        username=text_of(record, "username"),
        email=text_of(record, "email"),
        state=_state(record),
        employeeIdentifier=text_of(record, "employeeIdentifier") or None,
        manager=text_of(record, "manager") or None,
        external_id=identity.of(record),
        attributes=attributes,
        origin=_origin(record, identity),
        **{**texts, **instead},
    )


def search(wire: Wire, terms: Sequence[tuple[str, str]], fields: str) -> list[Record]:
    """The users that have one of these values in the field named beside it, exactly.

    One request for a hundred terms (v1, POST search/systemusers).
    """
    records: list[Record] = []
    for start in range(0, len(terms), PAGE):
        wanted = [{field: value} for field, value in terms[start : start + PAGE]]
        skip = 0
        while True:
            body = {"filter": {"or": wanted}, "fields": fields, "limit": PAGE, "skip": skip}
            answer = wire.repeat("POST", "/api/search/systemusers", body=body)
            records += (page := results_of(answer))
            skip += len(page)
            if not page or skip >= total_of(answer):
                break
            if skip > MOST_PER_TERM * len(wanted):
                raise NotTheCloud("JumpCloud finds more users than were asked for.")
    return records


def by_email(wire: Wire, emails: Iterable[str]) -> dict[str, Record]:
    """The users with these e-mails, by the e-mail in lower case, as JumpCloud stores it."""
    wanted = sorted({email.lower() for email in emails})
    records = search(wire, [("email", email) for email in wanted], FIELDS)
    return {text_of(record, "email").lower(): record for record in records}


def by_id(wire: Wire, ids: Sequence[str]) -> dict[str, Record]:
    """The users with these ids; a user who is gone is not in the answer.

    One search for all of them, and one read each for those whom the search did not give.
    """
    try:
        records = search(wire, [("_id", user_id) for user_id in ids], FIELDS)
    except Rejected:
        records = []
    by_key = {text_of(record, "_id", "id"): record for record in records}
    missing = [user_id for user_id in ids if user_id not in by_key]
    for record in wire.in_parallel(lambda user_id: _read(wire, user_id), missing):
        by_key[text_of(record, "_id", "id")] = record
    return {user_id: by_key[user_id] for user_id in ids if user_id in by_key}


def _read(wire: Wire, user_id: str) -> Record:
    try:
        return record_of(wire.get(f"/api/systemusers/{user_id}", {"fields": FIELDS}))
    except Rejected:
        return {}


def _page(wire: Wire, skip: int) -> Answer:
    params: dict[str, str | int] = {"limit": PAGE, "skip": skip, "sort": "_id", "fields": FIELDS}
    return wire.get("/api/systemusers", params)


def _unseen(records: list[Record], identity: Identity, seen: set[str]) -> Iterator[User]:
    for record in records:
        user = user_of(record, identity)
        if user.id and user.id not in seen:
            seen.add(user.id)
            yield user


def _origin(record: Record, identity: Identity) -> Origin:
    """Only an id of the source's own proves an import: JumpCloud's word may be anybody's."""
    if identity.of(record):
        return Origin.IMPORT
    return ORIGINS.get(text_of(record, "creationSource"), Origin.UNKNOWN)


def _state(record: Record) -> State:
    word = text_of(record, "state")
    if word in State.__members__:
        return State(word)
    return State.SUSPENDED if record.get("suspended") is True else State.ACTIVATED
