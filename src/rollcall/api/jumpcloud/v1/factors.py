"""`/api/systemusers/{id}/resetmfa`, `/mfasync`, `/totpinfo`: second factors (JumpCloud v1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import BaseModel, Field

from rollcall.accounts import factor_services, user_accounts
from rollcall.accounts.factor_rules import TOTP
from rollcall.accounts.models import AccountRole
from rollcall.accounts.user_models import LONGEST_PERIOD
from rollcall.api.auth import actor_of
from rollcall.api.jumpcloud.errors import Problem, bad_request
from rollcall.api.jumpcloud.moments import moment
from rollcall.api.jumpcloud.passwords import refuse_elsewhere
from rollcall.api.jumpcloud.response_schemas import Message
from rollcall.api.jumpcloud.responses import answer
from rollcall.api.jumpcloud.v1.users import REFUSALS, the_user
from rollcall.directory.models import User

router = Router(tags=["Users"])


class FactorReset(BaseModel):
    """Whether a new enrolment period begins, and when it ends: by days, or at a time."""

    exclusion: bool | None = None
    exclusionDays: int | None = Field(default=None, ge=1, le=LONGEST_PERIOD)
    exclusionUntil: datetime | None = None


class TotpInfo(BaseModel):
    """When the user set up an authenticator app; nothing where they have none."""

    enrollmentDate: str | None = None


@router.post("/systemusers/{id}/resetmfa", response={404: Message, **REFUSALS})
def reset_mfa(request: HttpRequest, id: str, payload: FactorReset | None = None) -> HttpResponse:
    """Take a user's second factors away; a new enrolment period begins unless it is declined."""
    refuse_elsewhere()
    user = the_user(id)
    _refuse_administrators(user)
    until = _end_of_period(payload or FactorReset())
    user_accounts.reset_factors(actor_of(request), [user.pk], until)
    return answer({})


@router.post("/systemusers/{id}/mfasync", response={404: Message, **REFUSALS})
def sync_mfa(request: HttpRequest, id: str) -> HttpResponse:
    """Nothing to do: what this directory tells of factors is looked up each time."""
    the_user(id)
    return answer({})


@router.get("/systemusers/{id}/totpinfo", response={200: TotpInfo, 404: Message, **REFUSALS})
def totp_info(request: HttpRequest, id: str) -> HttpResponse:
    """When a user set up an authenticator app."""
    user = the_user(id)
    app = Authenticator.objects.filter(user__user=user.pk, type=TOTP).first()
    told: dict[str, Any] = {"enrollmentDate": moment(app.created_at)} if app else {}
    return answer(told)


def _refuse_administrators(user: User) -> None:
    if AccountRole.objects.filter(account__user=user).exists():
        raise Problem(403, "Forbidden: the account is an administrator's")


def _end_of_period(asked: FactorReset) -> datetime | None:
    """When the new period ends; None where none is wanted.

    Raises:
        Problem: 400 for an end that is over, or too far away.
    """
    if asked.exclusion is False:
        return None
    now = timezone.now()
    if asked.exclusionUntil is not None:
        until = asked.exclusionUntil
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        if not now < until <= now + timedelta(days=LONGEST_PERIOD):
            days = f"at most {LONGEST_PERIOD} days away"
            raise bad_request(f"Bad Request: exclusionUntil is not in the future and {days}")
        return until
    if asked.exclusionDays is not None:
        return now + timedelta(days=asked.exclusionDays)
    return factor_services.new_period()
