"""`/api/search/…`: lists asked for by a body (JumpCloud v1)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict

from rollcall.accounts.factor_queries import fitting
from rollcall.api.jumpcloud import serializers
from rollcall.api.jumpcloud.errors import bad_request
from rollcall.api.jumpcloud.query import (
    DEFAULT_LIMIT,
    MAXIMUM_SEARCH_LIMIT,
    by_object,
    filtered,
    ordering,
    paged,
    searched,
)
from rollcall.api.jumpcloud.response_schemas import ShownOrganizations, SystemUsers
from rollcall.api.jumpcloud.responses import answer
from rollcall.api.jumpcloud.v1.organizations import listed
from rollcall.api.jumpcloud.v1.users import FILTERED, REFUSALS, organization

router = Router(tags=["Search"])


class Search(BaseModel):
    """What to look for: exact values in `filter`, parts of texts in `searchFilter`.

    An unknown key is refused: it may be meant to narrow what is looked for.
    """

    model_config = ConfigDict(extra="forbid")

    filter: dict[str, Any] | list[Any] | None = None
    searchFilter: dict[str, Any] | str | None = None
    fields: str | list[str] | None = None
    sort: str | list[str] | None = None
    limit: int | None = None
    skip: int | None = None


class Address(BaseModel):
    """What the vendor's clients say in the address instead; where the body says it, that counts."""

    filter: list[str] = []
    fields: list[str] = []
    sort: list[str] = []
    limit: int = DEFAULT_LIMIT
    skip: int = 0


@router.post("/search/systemusers", response={200: SystemUsers, **REFUSALS}, by_alias=True)
def search_users(
    request: HttpRequest, address: Query[Address], payload: Search | None = None
) -> HttpResponse:
    """The users that fit `filter` and `searchFilter`, and the filters of the address."""
    asked = payload or Search()
    # A parameter that is ignored would leave a search wider than was asked for.
    if unknown := sorted(request.GET.keys() - Address.model_fields.keys()):
        raise bad_request(f"Bad Request: unknown parameter {unknown[0][:100]!r}")
    condition = by_object(asked.filter, FILTERED) & searched(asked.searchFilter, FILTERED)
    condition &= filtered(address.filter, FILTERED)
    order = ordering(_blank_separated(asked.sort or address.sort), FILTERED, serializers.NAMES)
    users = fitting(condition, order)
    page = paged(users, *_page(asked, address), MAXIMUM_SEARCH_LIMIT)
    fields = _blank_separated(asked.fields or address.fields)
    rows = serializers.users(page, organization(), fields)
    return answer({"totalCount": users.count(), "results": rows})


@router.post("/search/organizations", response={200: ShownOrganizations, **REFUSALS}, by_alias=True)
def search_organizations(
    request: HttpRequest, address: Query[Address], payload: Search | None = None
) -> HttpResponse:
    """The organization of this directory."""
    return answer(listed(*_page(payload or Search(), address)))


def _page(asked: Search, address: Address) -> tuple[int, int]:
    limit = address.limit if asked.limit is None else asked.limit
    return limit, address.skip if asked.skip is None else asked.skip


def _blank_separated(words: str | list[str] | None) -> str:
    return " ".join(words) if isinstance(words, list) else words or ""
