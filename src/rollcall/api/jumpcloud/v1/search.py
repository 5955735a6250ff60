"""`/api/search/…`: lists asked for by a body (JumpCloud v1)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel

from rollcall.api.jumpcloud import serializers
from rollcall.api.jumpcloud.query import DEFAULT_LIMIT, by_object, ordering, paged, searched
from rollcall.api.jumpcloud.response_schemas import ShownOrganizations, SystemUsers
from rollcall.api.jumpcloud.responses import answer
from rollcall.api.jumpcloud.v1.organizations import listed
from rollcall.api.jumpcloud.v1.users import FILTERED, REFUSALS, organization
from rollcall.directory.models import User

router = Router(tags=["Search"])


class Search(BaseModel):
    """What to look for: exact values in `filter`, parts of texts in `searchFilter`."""

    filter: dict[str, Any] | list[Any] | None = None
    searchFilter: dict[str, Any] | str | None = None
    fields: str | list[str] | None = None
    sort: str | list[str] | None = None
    limit: int = DEFAULT_LIMIT
    skip: int = 0


@router.post("/search/systemusers", response={200: SystemUsers, **REFUSALS}, by_alias=True)
def search_users(request: HttpRequest, payload: Search) -> HttpResponse:
    """The users that fit both `filter` and `searchFilter`."""
    condition = by_object(payload.filter, FILTERED) & searched(payload.searchFilter, FILTERED)
    order = ordering(_blank_separated(payload.sort), FILTERED, serializers.NAMES)
    found = User.objects.filter(condition)
    page = paged(found.order_by(*order), payload.limit, payload.skip)
    rows = serializers.users(page, organization(), _blank_separated(payload.fields))
    return answer({"totalCount": found.count(), "results": rows})


@router.post("/search/organizations", response={200: ShownOrganizations, **REFUSALS}, by_alias=True)
def search_organizations(request: HttpRequest, payload: Search) -> HttpResponse:
    """The organization of this directory."""
    return answer(listed(payload.limit, payload.skip))


def _blank_separated(words: str | list[str] | None) -> str:
    return " ".join(words) if isinstance(words, list) else words or ""
