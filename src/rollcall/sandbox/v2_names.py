"""Personio v2's names for ids: org units, legal entities, workplaces, cost centers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import catalog
from .account import Account, account_of, enter_v2
from .errors import bad_parameters, no_endpoint, no_resource
from .switches import BetaHeader
from .units import team, teams
from .v1_payloads import Json
from .v2_paging import envelope, read_page

Handler = Callable[[Request], Awaitable[Response]]


def _named(named: catalog.Named) -> Json:
    return {"id": str(named.id), "name": named.name}


_ENTITIES = [
    {**_named(entity), "country": catalog.LEGAL_ENTITY_COUNTRIES[at]}
    for at, entity in enumerate(catalog.LEGAL_ENTITIES)
]
_WORKPLACES = [_named(office) for office in catalog.OFFICES]
_COST_CENTERS = [_named(center) for center in catalog.ALL_COST_CENTERS]
_DEPARTMENTS: list[Json] = [
    {**_named(unit), "type": "department", "parent_id": None, "description": "", "abbreviation": ""}
    for unit in catalog.ALL_DEPARTMENTS
]


def _enter(request: Request, endpoint: str, *, beta: bool) -> tuple[Account, dict[str, str]]:
    account = account_of(request)
    required = beta and account.switches.beta_header is BetaHeader.REQUIRED
    if required and request.headers.get("beta", "").lower() != "true":
        # Answered as if there were no such list, and before the token is looked at.
        raise no_endpoint(request.url.path)
    return account, enter_v2(request, endpoint)


def _team(number: int) -> Json:
    named, department = team(number)
    more = {"parent_id": str(department.id), "description": "", "abbreviation": ""}
    return {**_named(named), "type": "team", **more}


def _units(account: Account, kind: str | None) -> list[Json]:
    if kind not in (None, "department", "team"):
        raise bad_parameters()
    units = [] if kind == "team" else list(_DEPARTMENTS)
    if kind != "department":
        units += [_team(number) for number in range(teams(account.company.people))]
    return units


def _lister(name: str, rows: Sequence[Json], filters: tuple[str, ...], *, beta: bool) -> Handler:
    """A handler that lists `rows`, filtered by comma-separated words."""

    async def handler(request: Request) -> Response:
        _, headers = _enter(request, name, beta=beta)
        cursor, limit = read_page(request, (*filters, "sort"), usual=20, most=100)
        fitting = [row for row in rows if _fits(row, cursor.filters)]
        if cursor.filters.get("sort") == "name":
            fitting.sort(key=lambda row: str(row["name"]))
        page = fitting[cursor.offset : cursor.offset + limit]
        return JSONResponse(envelope(request, page, cursor, limit, len(fitting)), headers=headers)

    return handler


def _fits(row: Json, filters: dict[str, str]) -> bool:
    words = ((key, text.split(",")) for key, text in filters.items() if key != "sort")
    return all(str(row.get(key)) in wanted for key, wanted in words)


async def org_units(request: Request) -> Response:
    """GET /v2/org-units."""
    account, headers = _enter(request, "org-units", beta=True)
    names = ("id", "type", "name", "include_parent_chain")
    cursor, limit = read_page(request, names, usual=20, most=100)
    filters = dict(cursor.filters)
    chained = filters.pop("include_parent_chain", "") == "true"
    units = [row for row in _units(account, filters.get("type")) if _fits(row, filters)]
    page = units[cursor.offset : cursor.offset + limit]
    if chained:
        page = [{**row, "parent_chain": _parents(row)} for row in page]
    return JSONResponse(envelope(request, page, cursor, limit, len(units)), headers=headers)


def _parents(row: Json) -> list[Json]:
    return [{"id": row["parent_id"]}] if row["parent_id"] else []


async def one_org_unit(request: Request) -> Response:
    """GET /v2/org-units/{id}: the type must be told, and be the right one."""
    account, headers = _enter(request, "org-units", beta=True)
    kind = request.query_params.get("type")
    # Departments and teams are numbered on their own: an id alone may name one of each.
    if kind is None:
        raise bad_parameters()
    unit = _by_id(_units(account, kind), request.path_params["id"])
    if request.query_params.get("include_parent_chain") == "true":
        ids = [parent["id"] for parent in _parents(unit)]
        chain = [department for department in _DEPARTMENTS if department["id"] in ids]
        unit = {**unit, "parent_chain": chain}
    return JSONResponse(unit, headers=headers)


async def one_legal_entity(request: Request) -> Response:
    """GET /v2/legal-entities/{id}."""
    _, headers = _enter(request, "legal-entities", beta=False)
    return JSONResponse(_by_id(_ENTITIES, request.path_params["id"]), headers=headers)


def _by_id(rows: Sequence[Json], wanted: str) -> Json:
    row = next((row for row in rows if row["id"] == wanted), None)
    if row is None:
        raise no_resource()
    return row


# The newest first, as Personio lists them.
_legal_entities = _lister("legal-entities", _ENTITIES[::-1], ("id", "country"), beta=False)
_workplaces = _lister("workplaces", _WORKPLACES, ("id", "name"), beta=True)
_cost_centers = _lister("cost-centers", _COST_CENTERS, ("id", "name"), beta=True)

ROUTES = [
    Route("/v2/org-units", org_units),
    Route("/v2/org-units/{id}", one_org_unit),
    Route("/v2/legal-entities", _legal_entities),
    Route("/v2/legal-entities/{id}", one_legal_entity),
    Route("/v2/workplaces", _workplaces),
    Route("/v2/cost-centers", _cost_centers),
]
