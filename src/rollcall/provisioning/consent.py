"""Consent: a user that is to become an employee's, and what somebody has to agree to first."""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from rollcall.core.text import fold
from rollcall.provisioning.reason import Reason
from rollcall.provisioning.user import Origin, State, User


class Consent(enum.StrEnum):
    """What an administrator agrees to by a tick of its own."""

    ADOPT = "adopt"
    SAME_PERSON = "same_person"


@dataclass(frozen=True, slots=True)
class Takeover:
    """The user that becomes an employee's, as whoever is asked was shown it.

    `carried` is the employee id that the user carried until then; "" for none. `email` is in lower
    case. `name` is what people call the user. `suspended` and `other_name` make it doubtful that an
    e-mail is still the same person's: the user has lost access, or the source calls the employee
    by names of which the user has none.
    """

    email: str
    username: str
    name: str
    carried: str
    origin: Origin
    has_account: bool
    suspended: bool = False
    other_name: bool = False

    @classmethod
    def of(cls, user: User, names: Collection[str] = ()) -> Self:
        """The takeover of this user for an employee of these names, as far as they are known."""
        return cls(
            email=user.email.lower(),
            username=user.username,
            name=f"{user.firstname} {user.lastname}".strip(),
            carried=user.external_id or "",
            origin=user.origin,
            has_account=user.has_account,
            suspended=user.state is State.SUSPENDED,
            other_name=_are_others(names, (user.firstname, user.lastname)),
        )

    @property
    def asks(self) -> Consent | None:
        """What has to be agreed to; None for somebody whom the import of another source made."""
        if self.carried:
            return Consent.SAME_PERSON
        # Who signs in here may be an administrator: an e-mail alone must not hand that over.
        known = self.origin is Origin.IMPORT and not self.has_account
        # An address may have passed from one person to the next since the other source was read.
        doubtful = self.suspended or self.other_name
        return None if known and not doubtful else Consent.ADOPT

    def told(self) -> tuple[Reason, ...]:
        """Who the user is and how it came to be, for whoever is asked."""
        who = f"{self.username} ({self.name})" if self.name else self.username
        told = [Reason(f"origin_{self.origin}", {"user": who})]
        if self.has_account:
            told.append(Reason("origin_account"))
        # Of a rehire this is nothing to wonder at.
        if self.suspended and not self.carried:
            told.append(Reason("origin_suspended"))
        if self.other_name:
            told.append(Reason("origin_other_name"))
        return tuple(told)

    def declined(self) -> Reason:
        """Why nothing is written where nobody has agreed."""
        params = {"email": self.email}
        if self.carried:
            return Reason("same_person_not_ticked", {**params, "employee": self.carried})
        return Reason("adopt_not_ticked", params)

    def moved(self, user: User) -> Reason | None:
        """What of the user is no longer as it was shown; None where it still is."""
        now = Takeover.of(user)
        params = {"user": self.username}
        if now.carried != self.carried:
            code = "tick_moved_employee" if now.carried else "tick_moved_unlinked"
            return Reason(code, {**params, "employee": now.carried or self.carried})
        if now.email != self.email:
            return Reason("tick_moved_email", {**params, "before": self.email, "email": now.email})
        if now.has_account and not self.has_account:
            return Reason("tick_moved_account", params)
        if now.suspended and not self.suspended and not self.carried:
            return Reason("tick_moved_suspended", params)
        return Reason("tick_moved_origin", params) if now.origin is not self.origin else None

    def to_record(self) -> dict[str, Any]:
        """The takeover as JSON-able data."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """The takeover that `to_record` wrote down."""
        return cls(**{**record, "origin": Origin(record["origin"])})


def _are_others(names: Collection[str], others: Collection[str]) -> bool:
    """Whether these are the names of two people: all are known, and none is the same."""
    # In any order, since systems differ in which one comes first; who marries keeps one of them.
    left, right = set(map(fold, names)), set(map(fold, others))
    known = bool(left and right) and "" not in left | right
    return known and left.isdisjoint(right)
