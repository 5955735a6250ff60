"""Personio v1: the token, the employees, and what the credential may read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .account import Account, account_of, admit, base_url, caller, reader
from .clock import local_time
from .company import Company
from .errors import V1Refusal
from .lookups import by_email, modified_since
from .switches import Drift, LargeLimit, QueryCredentials, UpdatedSince
from .v1_payloads import ATTRIBUTES, Attribute, View, employee

LARGEST_PAGE = 100
USUAL_PAGE = 50

_WRONG = (403, 0, "Wrong credentials")
_GERMAN_404 = (404, 404, "Es ist ein Problem aufgetreten ")


async def auth(request: Request) -> Response:
    """POST /v1/auth."""
    account = account_of(request)
    admit(account, 1, account.limits.v1_auth(caller(request)))
    # An undecodable body is wrong credentials, as everything else that is not the pair.
    given = _pairs((await request.body()).decode("utf-8", "replace"))
    if account.switches.query_credentials is QueryCredentials.ACCEPT:
        given = {**request.query_params, **given}
    if not account.credentials.match(given.get("client_id", ""), given.get("client_secret", "")):
        raise V1Refusal(*_WRONG)
    token = account.tokens.give(1, account.switches.scopes)
    data = {
        "token": token.text,
        "expires_in": account.tokens.remaining(token),
        "scope": " ".join(token.scopes),
    }
    return JSONResponse({"success": True, "data": data})


def _pairs(body: str) -> dict[str, str]:
    """The fields of a JSON or a form body, whatever its content type says."""
    if not body.lstrip().startswith("{"):
        return dict(parse_qsl(body))
    try:
        fields = json.loads(body)
    except ValueError:
        return {}
    return {key: value for key, value in fields.items() if isinstance(value, str)}


async def employees(request: Request) -> Response:
    """GET /v1/company/employees."""
    account = account_of(request)
    token = _enter(request, account.limits.v1_employees(caller(request)))
    positions, page = _find(request, account)
    rows, total = _drifted(account, positions, page)
    view = View(account.company, account.switches, base_url(request))
    shown = _asked(request, account)
    data = [employee(view, shown, account.company.person(at)) for at in rows]
    limit = page.limit or max(1, total)
    # Counted from 0, though Personio's other lists begin at 1: clients must not go by it.
    metadata = {
        "total_elements": total,
        "current_page": page.offset // limit,
        "total_pages": -(-total // limit),
    }
    body = {"success": True, "metadata": metadata, "offset": page.offset, "limit": limit}
    return JSONResponse({**body, "data": data}, headers=_echo(token))


async def one_employee(request: Request) -> Response:
    """GET /v1/company/employees/{id}."""
    account = account_of(request)
    token = _enter(request, account.limits.v1(caller(request)))
    position = _position(request, account.company)
    if position is None:
        raise V1Refusal(*_GERMAN_404)
    view = View(account.company, account.switches, base_url(request))
    data = employee(view, _readable(account), account.company.person(position))
    return JSONResponse({"success": True, "data": data}, headers=_echo(token))


async def attributes(request: Request) -> Response:
    """GET /v1/company/employees/attributes, and its alias custom-attributes."""
    account = account_of(request)
    token = _enter(request, account.limits.v1(caller(request)))
    data = [attribute.described() for attribute in _readable(account)]
    return JSONResponse({"success": True, "data": data}, headers=_echo(token))


async def picture(request: Request) -> Response:
    """GET /v1/company/employees/{id}/profile-picture: nobody has one."""
    _enter(request, account_of(request).limits.v1(caller(request)))
    raise V1Refusal(*_GERMAN_404)


@dataclass(frozen=True)
class _Page:
    """Which records are asked for: from `offset` on, `limit` of them (0: all)."""

    offset: int
    limit: int


def _enter(request: Request, wait: float) -> str:
    admit(account_of(request), 1, wait)
    return reader(request, 1).text


def _echo(token: str) -> dict[str, str]:
    # Tokens were once good for a single call, each answer bringing the next; the header is left.
    return {"Authorization": f"Bearer {token}"}


def _readable(account: Account) -> list[Attribute]:
    return [entry for entry in ATTRIBUTES if account.switches.may_read(entry.key)]


def _asked(request: Request, account: Account) -> list[Attribute]:
    # What may not be read is left out without a word, also where it is asked for by name.
    asked = set(request.query_params.getlist("attributes[]"))
    readable = _readable(account)
    return [entry for entry in readable if not asked or entry.key in asked or entry.key == "id"]


def _position(request: Request, company: Company) -> int | None:
    return company.position_of_text(request.path_params["id"])


def _find(request: Request, account: Account) -> tuple[Sequence[int], _Page]:
    """The positions that the filters leave, and the page asked for."""
    query, company = request.query_params, account.company
    if "updated_since" in query:
        positions = _modified(request, account)
        # The documentation ignores limit and offset here; a measurement had them work.
        if account.switches.updated_since is UpdatedSince.UNPAGED:
            return positions, _Page(0, 0)
        return positions, _page(request, account)
    page = _page(request, account)
    if "email" in query:
        # Else the filter would tell who has an address that the credential may not read.
        readable = account.switches.may_read("email")
        return (by_email(company, query["email"]) if readable else []), page
    return range(len(company)), page


def _modified(request: Request, account: Account) -> Sequence[int]:
    try:
        since = local_time(request.query_params["updated_since"])
    except ValueError:
        message = "The updated since does not match the format Y-m-d."
        raise V1Refusal(400, 400, message) from None
    asked = request.query_params.getlist("attributes[]")
    readable = frozenset(attribute.key for attribute in _asked(request, account))
    # Only a change of what the credential may read, and asked for, counts as one.
    everything = not asked and len(readable) == len(ATTRIBUTES)
    return modified_since(account.company, since, None if everything else readable)


def _page(request: Request, account: Account) -> _Page:
    limit = _number(request, "limit", USUAL_PAGE)
    if limit > LARGEST_PAGE and account.switches.large_limit is LargeLimit.CLAMP:
        limit = LARGEST_PAGE
    if not 1 <= limit <= LARGEST_PAGE:
        raise V1Refusal(400, 400, f"The limit must be between 1 and {LARGEST_PAGE}.")
    offset = _number(request, "offset", 0)
    if offset < 0:
        raise V1Refusal(400, 400, "The offset must be at least 0.")
    return _Page(offset, limit)


def _number(request: Request, name: str, usual: int) -> int:
    try:
        return int(request.query_params.get(name, usual))
    except ValueError:
        raise V1Refusal(400, 400, f"The {name} must be an integer.") from None


def _drifted(account: Account, positions: Sequence[int], page: _Page) -> tuple[Sequence[int], int]:
    """The page's positions and the total, as if people had vanished where drift is wanted."""
    if not page.limit:
        return positions, len(positions)
    gone = page.offset // page.limit if account.switches.drift is Drift.YES else 0
    # A person who leaves moves everybody behind one place forward, over the edge of a page.
    if page.offset and not gone and account.dice.shift():
        gone = 1
    start = page.offset + gone
    return positions[start : start + page.limit], max(0, len(positions) - gone)


_EMPLOYEES = "/v1/company/employees"

ROUTES = [
    Route("/v1/auth", auth, methods=["POST"]),
    Route(_EMPLOYEES, employees),
    Route(f"{_EMPLOYEES}/attributes", attributes),
    Route(f"{_EMPLOYEES}/custom-attributes", attributes),
    Route(f"{_EMPLOYEES}/{{id}}", one_employee),
    Route(f"{_EMPLOYEES}/{{id}}/profile-picture", picture),
    Route(f"{_EMPLOYEES}/{{id}}/profile-picture/{{width}}", picture),
]
