"""What a user's object tells of second factors: `mfa`, `mfaEnrollment` and their switches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils import timezone

from rollcall.accounts.factor_rules import TOTP, WEBAUTHN, Status, overall, status_of
from rollcall.accounts.factors import Known
from rollcall.api.jumpcloud.moments import moment

NAMES: Final = ("totp_enabled", "enable_user_portal_multifactor", "mfa", "mfaEnrollment")

COLUMNS: Final[Mapping[str, str]] = {
    "totp_enabled": "has_totp",
    "enable_user_portal_multifactor": "factor_required_of_user",
    "mfa.configured": "has_factor",
    "mfa.exclusion": "in_enrolment",
    "mfaEnrollment.overallStatus": "factor_status",
}
"""By what of it lists are filtered: the names that `accounts.factor_queries` gives."""

NOT_HERE: Final = {
    "pushStatus": Status.DISABLED.value,
    "jcGoStatus": Status.DISABLED.value,
}
"""The vendor's own factors, which this directory does not offer."""


def told(known: Known) -> dict[str, Any]:
    """The fields of one user."""
    rules, person, enrolment = known.rules, known.person, known.enrolment
    mfa: dict[str, Any] = {"configured": enrolment.configured, "exclusion": enrolment.in_period}
    if enrolment.in_period and enrolment.until is not None:
        mfa["exclusionUntil"] = moment(enrolment.until)
        mfa["exclusionDays"] = enrolment.days_left(timezone.now())
    return {
        "totp_enabled": TOTP in person.set_up,
        "enable_user_portal_multifactor": person.required_of_user,
        "mfa": mfa,
        "mfaEnrollment": {
            "overallStatus": overall(enrolment).value,
            "totpStatus": status_of(TOTP, rules, person, enrolment).value,
            "webAuthnStatus": status_of(WEBAUTHN, rules, person, enrolment).value,
            **NOT_HERE,
        },
    }
