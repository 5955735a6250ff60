"""A JumpCloud organization in memory, behind a real HTTP server, with faults on request."""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from tests.serving import serving
from tests.targets.jumpcloud.contract import Exchange

KEY = "an-invented-key"
READ_ONLY_KEY = "an-invented-read-only-key"
ORGANIZATION = "65f0c0ffee00000000000001"
UNIQUE = ("username", "email", "employeeIdentifier")


class Refused(Exception):
    """The cloud says no to one record."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message, self.status = message, status


@dataclass
class Fault:
    """What goes wrong with the next `times` requests whose `METHOD path` matches.

    `kind` is a status, `drop` (nothing is done, no answer), `lose` (it is done, no answer), or
    `html`.
    """

    match: str
    kind: str
    times: int = 1
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Cloud:
    """The organization and how its server behaves; tests read and change it as they like."""

    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    bindings: dict[str, list[str]] = field(default_factory=dict)
    applications: dict[str, str] = field(default_factory=dict)
    taken_elsewhere: set[str] = field(default_factory=set)
    default_states: dict[str, str] = field(
        default_factory=lambda: {
            "manualEntry": "ACTIVATED",
            "csvImport": "ACTIVATED",
            "applicationImport": "STAGED",
        }
    )
    faults: list[Fault] = field(default_factory=list)
    fault_rate: float = 0.0
    polls_until_done: int = 1
    word: str = "finished"
    names_users: bool = True
    gives_ids: bool = False
    gives_total: bool = False
    makes_nobody: bool = False
    searches_ids: bool = True
    strict_batches: bool = False
    before_page: Callable[[int], None] | None = None
    traffic: list[Exchange] = field(default_factory=list)
    url: str = ""
    organization_id: str = ORGANIZATION

    def __post_init__(self) -> None:
        self._ids = itertools.count(1)
        self._jobs: dict[str, list[dict[str, Any]]] = {}
        self._asked: dict[str, int] = {}
        self._random = random.Random(7)

    def new_id(self) -> str:
        """A new id in JumpCloud's form."""
        return f"65f0c0ffee{next(self._ids):014x}"

    def add(self, **fields: Any) -> str:
        """A user who is there already; the id."""
        return str(self._made({"state": "ACTIVATED", **fields}, "ACTIVATED")["_id"])

    def by_email(self, email: str) -> dict[str, Any]:
        """The one user with this e-mail."""
        (found,) = [one for one in self.users.values() if one["email"] == email]
        return found

    def count(self, method: str, pattern: str) -> int:
        """How many requests of this kind arrived."""
        return sum(
            one.method == method and bool(re.search(pattern, one.path)) for one in self.traffic
        )

    def writes(self) -> int:
        """How many requests arrived that may change something."""
        return sum(one.method != "GET" and "search" not in one.path for one in self.traffic)

    # The users.

    def _made(self, body: dict[str, Any], state: str) -> dict[str, Any]:
        record: dict[str, Any] = {"state": state, **body, "email": body["email"].lower()}
        if record["email"] in self.taken_elsewhere:
            raise Refused("Email address is already in use", 409)
        self._check(record, "")
        record |= {"_id": self.new_id(), "organization": ORGANIZATION}
        record.setdefault("attributes", [])
        self.users[record["_id"]] = record
        return record

    def _check(self, fields: dict[str, Any], own: str) -> None:
        for name in UNIQUE:
            value = fields.get(name)
            for other in self.users.values():
                if value and other.get(name) == value and other["_id"] != own:
                    raise Refused(f"User with this {name} already exists", 409)
        if str(fields.get("lastname", "")).startswith("!"):
            raise Refused("lastname is not valid")
        manager = fields.get("manager")
        if manager is not None and manager not in self.users:
            raise Refused("manager is not a valid id")

    def _changed(self, user_id: str, body: dict[str, Any]) -> dict[str, Any]:
        if user_id not in self.users:
            raise Refused("Not Found", 404)
        self._check(body, user_id)
        if body.get("state") == "STAGED":
            raise Refused("state is not valid")
        self.users[user_id] |= body
        return self.users[user_id]

    def _shown(self, record: dict[str, Any], fields: str) -> dict[str, Any]:
        shown = {name: value for name, value in record.items() if value is not None}
        wanted = {"_id", *fields.split()} if fields else shown.keys()
        return {name: value for name, value in shown.items() if name in wanted}

    async def list_users(self, request: Request) -> Response:
        skip, limit, query = _paging(request)
        if limit > 100:
            message = 'request parameter "limit" exceeds maximum value of 100'
            return _said(f"Bad Request: {message}", 400)
        if self.before_page:
            self.before_page(skip)
        rows = sorted(self.users.values(), key=lambda one: str(one["_id"]))
        page = [self._shown(one, query.get("fields", "")) for one in rows[skip : skip + limit]]
        return JSONResponse({"totalCount": len(rows), "results": page})

    async def search_users(self, request: Request) -> Response:
        body = await request.json()
        terms = body["filter"]["or"]
        if any("_id" in term for term in terms) and not self.searches_ids:
            return _said("Bad Request: _id is not searchable", 400)
        found = [
            one
            for one in self.users.values()
            if any(one.get(name) == value for term in terms for name, value in term.items())
        ]
        page = found[body["skip"] : body["skip"] + body["limit"]]
        shown = [self._shown(one, body["fields"]) for one in page]
        return JSONResponse({"totalCount": len(found), "results": shown})

    async def create_user(self, request: Request) -> Response:
        record = self._made(await request.json(), self.default_states["manualEntry"])
        return JSONResponse(self._shown(record, ""))

    async def one_user(self, request: Request) -> Response:
        user_id = request.path_params["id"]
        if request.method == "PUT":
            return JSONResponse(self._shown(self._changed(user_id, await request.json()), ""))
        if user_id not in self.users:
            return _said("Not Found", 404)
        return JSONResponse(self._shown(self.users[user_id], ""))

    async def activate(self, request: Request) -> Response:
        user = self.users[request.path_params["id"]]
        if user["state"] != "STAGED":
            return _said("User is not staged", 400)
        user["state"] = "ACTIVATED"
        return Response(status_code=200)

    # Bulk.

    async def bulk(self, request: Request) -> Response:
        bodies = await request.json()
        if request.headers["x-api-key"] == READ_ONLY_KEY:
            return _said("Forbidden", 403)
        csv = request.headers.get("creation-source", "jumpcloud:bulk") == "jumpcloud:bulk"
        default = self.default_states["csvImport" if csv else "applicationImport"]
        if self.strict_batches and any("!" in str(one.get("lastname")) for one in bodies):
            return _said("lastname is not valid", 400)
        job = self.new_id()
        self._jobs[job] = [self._worked(request.method, body, default) for body in bodies]
        self._asked[job] = 0
        return JSONResponse({"jobId": job})

    def _worked(self, method: str, body: dict[str, Any], default: str) -> dict[str, Any]:
        result = {"id": self.new_id(), "status": self.word, "statusMsg": "", "meta": {}}
        kept: dict[str, Any] = {
            name: body[name] for name in ("username", "email", "id") if name in body
        }
        try:
            if method == "PATCH":
                rest = {name: value for name, value in body.items() if name != "id"}
                self._changed(body["id"], rest)
            elif not self.makes_nobody:
                made = self._made(body, default)
                kept |= {"_id": made["_id"]} if self.gives_ids else {}
        except Refused as refusal:
            result |= {"status": "failed", "statusMsg": refusal.message}
        return {**result, "persistedFields": kept if self.names_users else {}}

    async def results(self, request: Request) -> Response:
        job = request.path_params["job"]
        if job not in self._jobs:
            return _said("Not Found", 404)
        skip, limit, _ = _paging(request)
        self._asked[job] += 1
        rows = self._jobs[job]
        if self._asked[job] < self.polls_until_done:
            rows = [{**one, "status": "processing", "persistedFields": {}} for one in rows]
        headers = {"x-total-count": str(len(rows))} if self.gives_total else {}
        return JSONResponse(rows[skip : skip + limit], headers=headers)

    # The organization, groups and applications.

    async def organizations(self, request: Request) -> Response:
        one = {"_id": self.organization_id, "displayName": "Example GmbH", "logoUrl": ""}
        return JSONResponse({"totalCount": 1, "results": [one]})

    async def organization(self, request: Request) -> Response:
        settings = {"newSystemUserStateDefaults": self.default_states}
        return JSONResponse({"_id": self.organization_id, "displayName": "X", "settings": settings})

    async def user_groups(self, request: Request) -> Response:
        if request.method == "POST":
            body = await request.json()
            made = {**body, "id": self.new_id(), "type": "user_group"}
            self.groups[made["id"]] = made
            return JSONResponse(made, status_code=201)
        skip, limit, query = _paging(request)
        rows = sorted(self.groups.values(), key=lambda one: str(one["name"]))
        if wanted := query.get("filter", "").removeprefix("name:eq:"):
            rows = [one for one in rows if one["name"] == wanted]
        headers = {"x-total-count": str(len(rows))}
        return JSONResponse(rows[skip : skip + limit], headers=headers)

    async def group_members(self, request: Request) -> Response:
        return await self._edges(request, self.members, "user")

    async def group_bindings(self, request: Request) -> Response:
        return await self._edges(request, self.bindings, "application")

    async def _edges(self, request: Request, edges: dict[str, list[str]], kind: str) -> Response:
        here = edges.setdefault(request.path_params["id"], [])
        if request.method == "GET":
            skip, limit, _ = _paging(request)
            page = here[skip : skip + limit]
            return JSONResponse([{"to": {"type": kind, "id": one}} for one in page])
        body = await request.json()
        if body["op"] == "add" and body["id"] in here:
            return _said("Already Exists", 409)
        (here.append if body["op"] == "add" else here.remove)(body["id"])
        return Response(status_code=204)

    async def list_applications(self, request: Request) -> Response:
        rows = [
            {"_id": key, "name": "bookmark", "displayLabel": one, "ssoUrl": "", "config": {}}
            for key, one in self.applications.items()
        ]
        return JSONResponse({"totalCount": len(rows), "results": rows})

    # The server.

    def app(self) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
        """The ASGI application: keys, faults and the record of all traffic around the routes."""
        routes = [
            Route("/api/systemusers", self.list_users, methods=["GET"]),
            Route("/api/systemusers", self.create_user, methods=["POST"]),
            Route("/api/search/systemusers", self.search_users, methods=["POST"]),
            Route("/api/systemusers/{id}", self.one_user, methods=["GET", "PUT"]),
            Route("/api/systemusers/{id}/state/activate", self.activate, methods=["POST"]),
            Route("/api/organizations", self.organizations),
            Route("/api/organizations/{id}", self.organization),
            Route("/api/applications", self.list_applications),
            Route("/api/v2/bulk/users", self.bulk, methods=["POST", "PATCH"]),
            Route("/api/v2/bulk/users/{job}/results", self.results),
            Route("/api/v2/usergroups", self.user_groups, methods=["GET", "POST"]),
            Route("/api/v2/usergroups/{id}/members", self.group_members, methods=["GET", "POST"]),
            Route(
                "/api/v2/usergroups/{id}/associations", self.group_bindings, methods=["GET", "POST"]
            ),
        ]
        inner = Starlette(routes=routes, exception_handlers={Refused: _refusal})

        async def outer(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                await self._serve(inner, Request(scope, receive), send)

        return outer

    async def _serve(self, inner: Starlette, request: Request, send: Send) -> None:
        body = await request.body()
        fault = self._fault(f"{request.method} {request.url.path}")
        said = self._unauthorized(request)
        if fault and fault.kind != "lose" and said is None:
            said = _faulty(fault)
        if said is None:
            said = await _captured(inner, request, body)
        if not fault or fault.kind != "html":
            self.traffic.append(_exchange(request, body, said))
        if fault and fault.kind in {"drop", "lose"}:
            await _cut_off(send)
        else:
            await said(request.scope, request.receive, send)

    def _fault(self, line: str) -> Fault | None:
        for fault in self.faults:
            if fault.times > 0 and re.search(fault.match, line):
                fault.times -= 1
                return fault
        if self._random.random() < self.fault_rate:
            return Fault("", self._random.choice(["429", "500", "502", "drop", "lose"]))
        return None

    def _unauthorized(self, request: Request) -> Response | None:
        known = request.headers.get("x-api-key") in {KEY, READ_ONLY_KEY}
        organization = request.headers.get("x-org-id", self.organization_id)
        if not known or organization != self.organization_id:
            return _said("Unauthorized", 401)
        return None


@dataclass
class Host:
    """One server for many clouds, one after the other: `app` is the present one's."""

    app: Callable[[Scope, Receive, Send], Awaitable[None]] | None = None
    url: str = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)

    def show(self, cloud: Cloud) -> Cloud:
        """Put this cloud behind the server."""
        cloud.url, self.app = self.url, cloud.app()
        return cloud


@contextmanager
def hosting() -> Iterator[Host]:
    """A server on a free port of this machine."""
    host = Host()
    config = uvicorn.Config(host, port=0, log_level="critical", lifespan="off")
    with serving(config) as port:
        host.url = f"http://127.0.0.1:{port}"
        yield host


async def _captured(inner: Starlette, request: Request, body: bytes) -> Response:
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def keep(message: Message) -> None:
        messages.append(message)

    await inner(request.scope, receive, keep)
    headers = {key.decode(): value.decode() for key, value in messages[0]["headers"]}
    content = b"".join(one.get("body", b"") for one in messages[1:])
    return Response(content, messages[0]["status"], headers)


async def _cut_off(send: Send) -> None:
    """An answer that ends early: the server then drops the connection."""
    headers = [(b"content-length", b"1000"), (b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"{", "more_body": False})


def _exchange(request: Request, body: bytes, said: Response) -> Exchange:
    kind = said.headers.get("content-type", "")
    return Exchange(
        method=request.method,
        path=request.url.path,
        query=dict(request.query_params),
        headers=dict(request.headers),
        body=json.loads(body) if body else None,
        status=said.status_code,
        answer=json.loads(bytes(said.body)) if "json" in kind and said.body else None,
    )


def _faulty(fault: Fault) -> Response:
    if fault.kind == "html":
        return HTMLResponse("<html>A page of something else</html>")
    if fault.kind == "drop":
        return _said("dropped", 503)
    return JSONResponse({"message": "A fault"}, int(fault.kind), fault.headers)


def _said(message: str, status: int) -> JSONResponse:
    return JSONResponse({"message": message}, status)


async def _refusal(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Refused)
    return _said(problem.message, problem.status)


def _paging(request: Request) -> tuple[int, int, dict[str, str]]:
    query = dict(request.query_params)
    return int(query.get("skip", 0)), int(query.get("limit", 10)), query
