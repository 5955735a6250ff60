"""How a user came out, with the vendor's refusals turned into what to do about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rollcall.provisioning.change import RESULT_OF, Change, Outcome, Result
from rollcall.provisioning.reason import Reason
from rollcall.targets.errors import TargetError
from rollcall.targets.jumpcloud.http import Wire
from rollcall.targets.jumpcloud.payloads import Body
from rollcall.targets.jumpcloud.responses import Record, Rejected, text_of
from rollcall.targets.jumpcloud.users import FIELDS, search

UNIQUE: Final = ("email", "username", "employeeIdentifier")
"""What no two users of an organization share."""

_TAKEN: Final = re.compile(r"exist|taken|duplicat|unique|in use|conflict", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Refusal:
    """JumpCloud's no to one user: the vendor's words, and the status where it was a single call.

    `code` names the reason where it is known already.
    """

    message: str = ""
    status: int | None = None
    code: str = ""

    @classmethod
    def of(cls, problem: TargetError) -> Refusal:
        """The refusal in what a call for a single user raised.

        Raises:
            TargetRefused: the problem is not this user's but the key's; raised again.
        """
        if isinstance(problem, Rejected):
            code = "user_gone" if problem.status == 404 else ""
            return cls(problem.text, problem.status, code)
        if problem.permanent:
            raise problem
        return cls(code="cloud_no_answer")

    @property
    def says_taken(self) -> bool:
        """Whether it speaks of a value that another user has; both 400 and 409 are in use."""
        return self.status == 409 or bool(_TAKEN.search(self.message))


@dataclass(frozen=True, slots=True)
class Clashes:
    """Which users hold the unique values of some bodies."""

    holders: Mapping[tuple[str, str], Record]

    @classmethod
    def among(cls, wire: Wire, bodies: Iterable[Body]) -> Clashes:
        """Look up who holds these values: one search for a hundred of them."""
        terms = dict.fromkeys(term for body in bodies for term in _unique(body))
        holders: dict[tuple[str, str], Record] = {}
        for record in search(wire, list(terms), FIELDS):
            holders |= dict.fromkeys(_unique(record), record)
        return cls(holders)

    def holder(self, body: Body, name: str) -> Record | None:
        """The other user who holds the body's value of this field."""
        terms = [term for term in _unique(body) if term[0] == name]
        holder = self.holders.get(terms[0]) if terms else None
        return holder if holder and text_of(holder, "_id") != body.get("id") else None


def done(change: Change, user_id: str | None) -> Outcome:
    """The change was carried out."""
    return Outcome(change.employee_id, RESULT_OF[change.kind], user_id)


def failed(employee_id: str, user_id: str | None, code: str, **params: str) -> Outcome:
    """The change was not carried out, for this reason."""
    return Outcome(employee_id, Result.FAILED, user_id, Reason(code, params))


def refused(
    employee_id: str, user_id: str | None, body: Body, refusal: Refusal, clashes: Clashes
) -> Outcome:
    """JumpCloud refused the change: a conflict where somebody holds one of its values."""
    if refusal.code:
        return failed(employee_id, user_id, refusal.code)
    # Who holds the value is looked up rather than read from the vendor's words, which may change.
    for name, code, param in _CONFLICTS:
        if holder := clashes.holder(body, name):
            params = {param: str(body[name]), "with_whom": text_of(holder, "_id", "id")}
            return Outcome(employee_id, Result.CONFLICT, user_id, Reason(code, params))
    # Taken, and by nobody that the search shows: perhaps an administrator, or a deleted user's
    # address.
    if refusal.says_taken and "email" in body:
        params = {"email": str(body["email"]), "message": refusal.message}
        reason = Reason("cloud_taken_elsewhere", params)
        return Outcome(employee_id, Result.CONFLICT, user_id, reason)
    if refusal.message or refusal.status:
        message = refusal.message or f"HTTP {refusal.status}"
        return failed(employee_id, user_id, "cloud_refused", message=message)
    return failed(employee_id, user_id, "cloud_unconfirmed" if user_id else "cloud_not_made")


def _unique(record: Record) -> Sequence[tuple[str, str]]:
    values = ((name, text_of(record, name)) for name in UNIQUE)
    return [(name, value.lower() if name == "email" else value) for name, value in values if value]


_CONFLICTS: Final = (
    ("email", "email_taken", "email"),
    ("username", "username_taken", "username"),
    ("employeeIdentifier", "identifier_taken", "identifier"),
)
