"""Personio v2: the token, persons and their employments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .account import Account, account_of, admit, base_url, enter_v2
from .clock import local_time, utc
from .errors import OAuthRefusal, bad_parameters, no_resource
from .lookups import by_email, matching
from .person import Person
from .v1_payloads import View
from .v2_paging import envelope, read_page
from .v2_payloads import employment_id, employment_written, person_written

_FORM = "application/x-www-form-urlencoded"
_FIELDS = ("grant_type", "client_id", "client_secret")
_OTHER_GRANTS = ("authorization_code", "password", "refresh_token")
_EXACT = ("first_name", "last_name", "preferred_name")
_MOMENTS = ("created_at", "updated_at")
_OPERATORS = ("", ".gt", ".lt")
_FILTERS = (
    *("id", "email", *_EXACT, "status"),
    *(f"{name}{operator}" for name in _MOMENTS for operator in _OPERATORS),
)
Wanted = Callable[[Person], bool]


async def token(request: Request) -> Response:
    """POST /v2/auth/token."""
    account = account_of(request)
    admit(account, 2, account.limits.v2_auth())
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        text = f'The content type of the request must be "{_FORM}".'
        kind = "invalid_request.invalid_request_content_type"
        raise OAuthRefusal("invalid_request", text, kind)
    form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
    _check_client(account, form)
    scopes = _scopes(account, form.get("scope", ""))
    given = account.tokens.give(2, scopes)
    body = {
        "access_token": given.text,
        "token_type": "Bearer",
        "expires_in": account.tokens.remaining(given),
        "scope": " ".join(scopes),
    }
    return JSONResponse(body)


def _check_client(account: Account, form: dict[str, str]) -> None:
    grant = form.get("grant_type")
    missing = [name for name in _FIELDS if name not in form]
    if grant is None or (missing and "client_id" in missing):
        text = "The request has missing or invalid required parameters."
        kind = "invalid_request.required_parameters_missing"
        raise OAuthRefusal("invalid_request", text, kind, meta={"missing_parameters": missing})
    # A grant that OAuth knows is unsupported, any other word is an invalid one (v2, auth/token).
    if grant.startswith("urn:") or grant in _OTHER_GRANTS:
        text = "The requested authorization grant type is not supported by the server."
        kind = "unsupported_grant_type"
        raise OAuthRefusal(kind, text, kind, meta={"grant_type": grant})
    if grant != "client_credentials":
        raise OAuthRefusal("invalid_grant", "Error in the authorization flow.", "invalid_grant")
    # In this order, since Personio tells an unknown client from a wrong secret.
    if missing or not account.credentials.known(form["client_id"]):
        text = "Client authentication failed (e.g., unknown client, wrong secret)."
        raise OAuthRefusal("invalid_client", text, "invalid_client")
    if not account.credentials.match(form["client_id"], form["client_secret"]):
        text = "Client is not allowed to use the specified grant type flow."
        raise OAuthRefusal("unauthorized_client", text, "unauthorized_client")


def _scopes(account: Account, asked: str) -> tuple[str, ...]:
    allowed = account.switches.scopes
    wanted = set(asked.split())
    if not wanted <= set(allowed):
        raise OAuthRefusal(
            "invalid_scope", "One of the requested scopes is invalid.", "invalid_scope"
        )
    return tuple(scope for scope in allowed if not wanted or scope in wanted)


async def revoke(request: Request) -> Response:
    """POST /v2/auth/revoke: the token dies for everybody who shares it."""
    form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
    account_of(request).tokens.end(form.get("token", ""))
    return Response()


async def persons(request: Request) -> Response:
    """GET /v2/persons."""
    account, headers = _enter(request)
    cursor, limit = read_page(request, _FILTERS, usual=10, most=50)
    positions = _find(account, cursor.filters)
    view = _view(request, account)
    page = positions[cursor.offset : cursor.offset + limit]
    rows = [person_written(view, account.company.person(at)) for at in page]
    return JSONResponse(envelope(request, rows, cursor, limit, len(positions)), headers=headers)


async def one_person(request: Request) -> Response:
    """GET /v2/persons/{id}."""
    account, headers = _enter(request)
    body = person_written(_view(request, account), _person(request, account))
    return JSONResponse(body, headers=headers)


async def employments(request: Request) -> Response:
    """GET /v2/persons/{id}/employments: everybody has one."""
    account, headers = _enter(request, "employments")
    names = ("id", "updated_at", "updated_at.gt", "updated_at.lt")
    cursor, limit = read_page(request, names, usual=10, most=50)
    person, view = _person(request, account), _view(request, account)
    ids = cursor.filters.get("id", employment_id(view, person)).split(",")
    wanted = _moment_tests({k: v for k, v in cursor.filters.items() if k != "id"})
    fits = employment_id(view, person) in ids and all(test(person) for test in wanted)
    rows = [employment_written(view, person)] if fits else []
    page = rows[cursor.offset : cursor.offset + limit]
    return JSONResponse(envelope(request, page, cursor, limit, len(rows)), headers=headers)


async def one_employment(request: Request) -> Response:
    """GET /v2/persons/{id}/employments/{id}."""
    account, headers = _enter(request, "employments")
    person, view = _person(request, account), _view(request, account)
    if request.path_params["employment"] != employment_id(view, person):
        raise no_resource()
    return JSONResponse(employment_written(view, person), headers=headers)


def _enter(request: Request, endpoint: str = "persons") -> tuple[Account, dict[str, str]]:
    return account_of(request), enter_v2(request, endpoint)


def _view(request: Request, account: Account) -> View:
    return View(account.company, account.switches, base_url(request))


def _person(request: Request, account: Account) -> Person:
    position = account.company.position_of_text(request.path_params["id"])
    if position is None:
        raise no_resource()
    return account.company.person(position)


def _find(account: Account, filters: dict[str, str]) -> Sequence[int]:
    company = account.company
    positions: Sequence[int] = range(len(company))
    if "id" in filters:
        numbers = map(company.position_of_text, filters["id"].split(","))
        positions = sorted({at for at in numbers if at is not None})
    if "email" in filters:
        addresses = filters["email"].split(",")
        named = {at for address in addresses for at in by_email(company, address)}
        positions = sorted(named if "id" not in filters else named & set(positions))
    tests = [*_moment_tests(filters), *_word_tests(filters)]
    # Last, and only where asked for: a test reads the record of everybody who is left.
    if not tests:
        return positions
    return matching(company, positions, lambda person: all(test(person) for test in tests))


def _word_tests(filters: dict[str, str]) -> list[Wanted]:
    tests: list[Wanted] = []
    for name in _EXACT:
        if name in filters:
            tests.append(_word_test(name, filters[name]))
    status = filters.get("status")
    if status not in (None, "ACTIVE", "INACTIVE"):
        raise bad_parameters()
    if status is not None:
        # v2 knows two words here: on leave, or still to start, is ACTIVE.
        tests.append(lambda person: (person.status == "inactive") == (status == "INACTIVE"))
    return tests


def _word_test(name: str, word: str) -> Wanted:
    return lambda person: bool(getattr(person, name) == word)


def _moment_tests(filters: dict[str, str]) -> list[Wanted]:
    tests: list[Wanted] = []
    for name, text in filters.items():
        field, _, operator = name.partition(".")
        if field in _MOMENTS:
            tests.append(_moment_test(field, operator, _moment(text)))
    return tests


def _moment_test(field: str, operator: str, moment: str) -> Wanted:
    # Compared as text: v2's moments are of one length and zone, so that they sort as they are.
    def written(person: Person) -> str:
        return utc(person.created if field == "created_at" else person.modified)

    if operator == "gt":
        return lambda person: written(person) > moment
    if operator == "lt":
        return lambda person: written(person) < moment
    return lambda person: written(person) == moment


def _moment(text: str) -> str:
    """A date-time of a request in the form that v2's moments are written, so that they compare."""
    try:
        moment: datetime = local_time(text)
    except ValueError:
        raise bad_parameters() from None
    return utc(moment)


ROUTES = [
    Route("/v2/auth/token", token, methods=["POST"]),
    Route("/v2/auth/revoke", revoke, methods=["POST"]),
    Route("/v2/persons", persons),
    Route("/v2/persons/{id}", one_person),
    Route("/v2/persons/{id}/employments", employments),
    Route("/v2/persons/{id}/employments/{employment}", one_employment),
]
