"""Whether somebody needs a second factor, until when they may do without, and how that is called.

Pure: what is stored is read by `factors`, and the time is handed in.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

TOTP: Final = "totp"
WEBAUTHN: Final = "webauthn"
RECOVERY_CODES: Final = "recovery_codes"

SECOND_FACTORS: Final = frozenset({TOTP, WEBAUTHN})
"""What somebody sets up as a second factor; recovery codes only come with one."""


class Status(enum.StrEnum):
    """How far somebody is with a factor (JumpCloud v1, `mfaEnrollmentStatus`)."""

    NOT_ENROLLED = "NOT_ENROLLED"
    DISABLED = "DISABLED"
    IN_ENROLLMENT = "IN_ENROLLMENT"
    ENROLLMENT_EXPIRED = "ENROLLMENT_EXPIRED"
    ENROLLED = "ENROLLED"


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for everybody: factors that are allowed, the period in days, since when."""

    allowed: frozenset[str] = frozenset({TOTP, WEBAUTHN, RECOVERY_CODES})
    enrolment_days: int = 7
    everybody_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of one person: factors that are set up, and since when one is asked of them.

    `required_since` is by a rule of their own or of a group; `joined` is when they came by their
    account; `excluded_until` the end of the period that an administrator has given them.
    """

    set_up: frozenset[str] = frozenset()
    required_since: datetime | None = None
    joined: datetime | None = None
    excluded_until: datetime | None = None
    required_of_user: bool = False


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What follows: `until` is the end of the period, None where there is none (any more)."""

    required: bool
    configured: bool
    until: datetime | None
    in_period: bool

    @property
    def is_due(self) -> bool:
        """Whether they must set up a factor before anything else."""
        return self.required and not self.configured and not self.in_period

    def days_left(self, now: datetime) -> int:
        """Days that are left of the period, a begun one counted; 0 outside of it."""
        if not self.in_period or self.until is None:
            return 0
        return -((now - self.until) // timedelta(days=1))


def decide(rules: Rules, person: Person, now: datetime) -> Enrolment:
    """Whether this person needs a factor now, has one, and until when they may do without.

    A factor that is not allowed any more is still asked for at sign-in, since nobody is let in by
    less than before; it is none that the rules ask for. The period begins when the rule did, or
    with the account where that is younger.
    """
    configured = not person.set_up.isdisjoint(rules.allowed & SECOND_FACTORS)
    known = (rules.everybody_since, person.required_since)
    since = min((moment for moment in known if moment is not None), default=None)
    if configured:
        return Enrolment(since is not None, True, None, False)
    until = person.excluded_until
    if until is not None and since is not None and until < since:
        until = None  # of a period that was over before this rule began
    if until is None and since is not None:
        begun = max(since, person.joined) if person.joined else since
        until = begun + timedelta(days=rules.enrolment_days)
    return Enrolment(since is not None, False, until, until is not None and now < until)


def overall(enrolment: Enrolment) -> Status:
    """How far somebody is with all their factors."""
    if enrolment.configured:
        return Status.ENROLLED
    if enrolment.in_period:
        return Status.IN_ENROLLMENT
    return Status.ENROLLMENT_EXPIRED if enrolment.required else Status.NOT_ENROLLED


def status_of(factor: str, rules: Rules, person: Person, enrolment: Enrolment) -> Status:
    """How far somebody is with one factor."""
    if factor in person.set_up:
        return Status.ENROLLED
    if factor not in rules.allowed:
        return Status.DISABLED
    return Status.NOT_ENROLLED if enrolment.configured else overall(enrolment)
