"""`/api/v2/authn/…`: defaults, foresight, what-if and break-glass accounts of conditional access.

The address of the defaults is the vendor's, whose description says nothing of their shape; the
others and all shapes are our own. docs/api.md tells them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import BaseModel, Field

from rollcall.access.policies import admitting, books, foresight, services, what_if
from rollcall.access.policies.decision.facts import Device, Factor, ResourceType
from rollcall.access.policies.decision.parsing import Document
from rollcall.access.policies.decision.policy import DEFAULTS, Default
from rollcall.access.policies.models import BreakGlass
from rollcall.accounts.models import Account
from rollcall.api.auth import actor_of
from rollcall.api.jumpcloud.errors import Problem, bad_request, not_found
from rollcall.api.jumpcloud.response_schemas import Message
from rollcall.api.jumpcloud.responses import answer
from rollcall.api.jumpcloud.v1.users import REFUSALS
from rollcall.api.jumpcloud.v2.policies import PolicyBody, is_confirmed, refusals
from rollcall.core import emails

router = Router(tags=["Conditional access"])

Portal = Literal["user_portal", "admin_portal", "application"]
Short = Annotated[str, Field(json_schema_extra={"maxLength": 255})]


class FallbackBody(BaseModel):
    """What becomes of whom no policy of a resource speaks of."""

    action: Literal["allow", "allow_with_mfa", "mfa_by_user", "deny"]


class ShownFallback(FallbackBody):
    """The same, with its resource."""

    resource_type: Portal


class People(BaseModel):
    """Some of those who signed in: how many, and the first thousand by their ids."""

    count: int
    who: list[str]


class ShownForesight(BaseModel):
    """What a policy would have done to the sign-ins of the last 30 days."""

    sign_ins: int
    people: int
    denied: People
    unable: People
    asked: People
    admitted: People
    must_be_confirmed: list[str]


class WhatIfBody(BaseModel):
    """One sign-in. What is left out is not known; the country is looked up by the address."""

    user: Short
    application: Short = ""
    portal: Literal["user_portal", "admin_portal"] = "user_portal"
    address: Short = ""
    country: Short = ""
    at: datetime | None = None
    factor: Literal["totp", "webauthn"] | None = None
    deviceManaged: bool | None = None
    deviceEncrypted: bool | None = None
    operatingSystem: Short | None = None
    osVersion: Short | None = None


class BreakGlassBody(BaseModel):
    """An administrator by the e-mail that they sign in with."""

    email: Short


class ShownBreakGlass(BaseModel):
    """An account that no policy keeps out."""

    account_id: int
    email: str


@router.get("/authn/policy/fallback/{resource_type}", response={200: ShownFallback, **REFUSALS})
def read_fallback(request: HttpRequest, resource_type: Portal) -> HttpResponse:
    """The default of a resource: what becomes of whom no policy speaks of."""
    return answer(_fallback(ResourceType(resource_type)))


@router.put(
    "/authn/policy/fallback/{resource_type}",
    response={200: ShownFallback, 409: Message, **REFUSALS},
)
def set_fallback(
    request: HttpRequest, resource_type: Portal, payload: FallbackBody
) -> HttpResponse:
    """Set the default of a resource."""
    type_ = ResourceType(resource_type)
    with refusals():
        services.set_default(
            actor_of(request), type_, Default(payload.action), confirmed=is_confirmed(request)
        )
    return answer(_fallback(type_))


@router.post("/authn/foresight", response={200: ShownForesight, **REFUSALS})
def foresee(request: HttpRequest, payload: PolicyBody) -> HttpResponse:
    """What a policy would have done to the last 30 days' sign-ins; nothing is saved.

    With the `id` of a policy it takes that one's place.
    """
    document = Document(**{"name": "", **payload.given()})
    with refusals():
        foreseen = foresight.of_policy(document, payload.id or "", actor_of(request).address)
    return answer(foreseen.as_json())


@router.post("/authn/what-if", response={200: dict[str, Any], **REFUSALS})
def what_if_of(request: HttpRequest, payload: WhatIfBody) -> HttpResponse:
    """What would become of one sign-in, with every rule, its values and the time."""
    try:
        facts = _question(payload).facts()
    except what_if.Unclear as error:
        raise bad_request(f"Bad Request: {error}") from None
    with refusals():
        return answer(what_if.told(admitting.decide(facts)))


@router.get("/authn/break-glass", response={200: list[ShownBreakGlass], **REFUSALS})
def list_break_glass(request: HttpRequest) -> HttpResponse:
    """The accounts that no policy keeps out."""
    rows = BreakGlass.objects.select_related("account").order_by("account__email")
    return answer([_shown(row.account) for row in rows])


@router.post("/authn/break-glass", response={200: ShownBreakGlass, **REFUSALS})
def add_break_glass(request: HttpRequest, payload: BreakGlassBody) -> HttpResponse:
    """Let no policy keep an administrator's account out; each use sends an e-mail."""
    account = Account.objects.administrators().filter(email=emails.normalize(payload.email)).first()
    if account is None:
        raise bad_request("Bad Request: there is no such administrator")
    services.set_break_glass(actor_of(request), account, True)
    return answer(_shown(account))


@router.delete(
    "/authn/break-glass/{account_id}", response={200: ShownBreakGlass, 404: Message, **REFUSALS}
)
def remove_break_glass(request: HttpRequest, account_id: int) -> HttpResponse:
    """Let policies hold for the account again."""
    if not 0 < account_id < 2**63:
        raise not_found()
    row = BreakGlass.objects.select_related("account").filter(account=account_id).first()
    if row is None:
        raise not_found()
    services.set_break_glass(actor_of(request), row.account, False)
    return answer(_shown(row.account))


def _question(payload: WhatIfBody) -> what_if.Question:
    at = payload.at or timezone.now()
    if not 1970 < at.year < 9000:  # nearer to the ends there are zones with no such time
        raise Problem(400, "Bad Request: at is out of range")
    return what_if.Question(
        payload.user,
        at if timezone.is_aware(at) else timezone.make_aware(at),
        payload.application,
        ResourceType(payload.portal),
        payload.address,
        payload.country,
        Device(
            payload.deviceManaged,
            payload.deviceEncrypted,
            payload.operatingSystem,
            payload.osVersion,
        ),
        Factor(payload.factor) if payload.factor else None,
    )


def _fallback(type_: ResourceType) -> dict[str, str]:
    action = books.defaults().get(type_, DEFAULTS[type_])
    return {"resource_type": type_.value, "action": action.value}


def _shown(account: Account) -> dict[str, Any]:
    return {"account_id": account.pk, "email": account.email}
