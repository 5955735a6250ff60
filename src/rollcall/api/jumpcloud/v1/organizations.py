"""`/api/organizations`: the one organization and its settings (JumpCloud v1)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel

from rollcall.api.auth import actor_of
from rollcall.api.jumpcloud.errors import not_found
from rollcall.api.jumpcloud.moments import moment
from rollcall.api.jumpcloud.query import DEFAULT_LIMIT, check_page
from rollcall.api.jumpcloud.refusals import problem_of
from rollcall.api.jumpcloud.response_schemas import (
    Message,
    OrganizationSettings,
    ShownOrganization,
    ShownOrganizations,
    ShownSettings,
)
from rollcall.api.jumpcloud.responses import answer
from rollcall.api.jumpcloud.v1.users import REFUSALS, refuse_what_is_not_kept
from rollcall.directory import services
from rollcall.directory.models import Organization

router = Router(tags=["Organization"])
DEFAULTS = ("manualEntry", "csvImport", "applicationImport")


class OrganizationChange(BaseModel):
    """The settings to change; what is left out stays."""

    settings: OrganizationSettings | None = None


@router.get("/organizations", response={200: ShownOrganizations, **REFUSALS}, by_alias=True)
def list_organizations(
    request: HttpRequest, limit: int = DEFAULT_LIMIT, skip: int = 0
) -> HttpResponse:
    """The organizations that the key can see: the one of this directory."""
    return answer(listed(limit, skip))


@router.get(
    "/organizations/{id}",
    response={200: ShownOrganization, 404: Message, **REFUSALS},
    by_alias=True,
)
def read_organization(request: HttpRequest, id: str) -> HttpResponse:
    """The organization with its settings."""
    return answer(_shown(_the(id)))


@router.put(
    "/organizations/{id}",
    response={200: ShownOrganization, 404: Message, **REFUSALS},
    by_alias=True,
)
def change_organization(
    request: HttpRequest,
    id: str,
    payload: OrganizationChange,
) -> HttpResponse:
    """Change the name and the default states of new users."""
    organization = _the(id)
    refuse_what_is_not_kept(request, payload)
    values = _values(organization, payload.settings or OrganizationSettings())
    saved = services.update_organization(actor_of(request), values)
    if isinstance(saved, services.Refused):
        raise problem_of(saved)
    return answer(_shown(saved))


@router.get("/settings", response={200: ShownSettings, **REFUSALS})
def read_settings(request: HttpRequest) -> HttpResponse:
    """What the vendor's PowerShell module asks for when it signs in."""
    shown = _shown(Organization.the())
    return answer(
        {
            "ORG_ID": shown["_id"],
            "ORG_NAME": shown["displayName"],
            "SETTINGS": {**shown["settings"], "logo": ""},
        }
    )


def listed(limit: int, skip: int) -> dict[str, Any]:
    """The list of organizations in the vendor's form."""
    check_page(limit, skip)
    organization = Organization.the()
    rows = [{"_id": organization.id, "displayName": organization.displayName, "logoUrl": ""}]
    return {"totalCount": 1, "results": rows[skip : skip + limit]}


def _the(organization_id: str) -> Organization:
    organization = Organization.the()
    if organization.id != organization_id:
        raise not_found()
    return organization


def _values(organization: Organization, settings: OrganizationSettings) -> dict[str, str]:
    """What is asked for and differs from what is."""
    defaults = settings.newSystemUserStateDefaults
    wanted = {name: getattr(defaults, name) for name in DEFAULTS} if defaults else {}
    wanted["displayName"] = settings.name
    return {
        name: value
        for name, value in wanted.items()
        if value is not None and getattr(organization, name) != value
    }


def _shown(organization: Organization) -> dict[str, Any]:
    return {
        "_id": organization.id,
        "displayName": organization.displayName,
        "logoUrl": "",
        "created": moment(organization.created),
        "settings": {
            "name": organization.displayName,
            "newSystemUserStateDefaults": {name: getattr(organization, name) for name in DEFAULTS},
        },
    }
