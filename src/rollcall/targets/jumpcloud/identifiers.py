"""Which employee identifiers the organization's users have: known from reading them, or asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rollcall.provisioning.user import User
from rollcall.targets.jumpcloud.http import Wire
from rollcall.targets.jumpcloud.responses import text_of
from rollcall.targets.jumpcloud.users import search

FIELD = "employeeIdentifier"


class Identifiers:
    """The identifiers in use, so that no batch is refused for one that is taken.

    What the reading of all users showed is remembered and costs no request. A process that goes on
    with another one's run has not read them and asks: one search for a hundred.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._known: frozenset[str] | None = None

    def noting(self, users: Iterator[User]) -> Iterator[User]:
        """The same users; once all have passed, their identifiers are known."""
        identifiers: set[str] = set()
        for user in users:
            if user.employeeIdentifier:
                identifiers.add(user.employeeIdentifier)
            yield user
        # Only after the last user: half a reading would call identifiers free that somebody has.
        self._known = frozenset(identifiers)

    def taken(self, identifiers: Sequence[str]) -> frozenset[str]:
        """Those of these that some user has."""
        if self._known is not None:
            return self._known.intersection(identifiers)
        terms = [(FIELD, identifier) for identifier in identifiers]
        return frozenset(
            text_of(record, FIELD) for record in search(self._wire, terms, f"_id {FIELD}")
        )
