"""A small server on 127.0.0.1 that answers in the shapes of Personio v1, with invented people."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from rollcall.sources.personio.account import Account

CLIENT_ID = "papi-invented-client"
CLIENT_SECRET = "papi-invented-secret"

ATTRIBUTES = (
    "first_name",
    "last_name",
    "email",
    "status",
    "position",
    "supervisor",
    "employment_type",
    "subcompany",
    "office",
    "department",
    "cost_centers",
)


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    body: bytes

    @property
    def offset(self) -> int:
        """The index of the first record asked for."""
        return int(dict(self.query).get("offset", "0"))


@dataclass
class Answer:
    """What to send: a status, a body, further headers; `cut` leaves out the end of the body."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/json"
    cut: bool = False
    drop: bool = False


def as_json(content: object, status: int = 200, **headers: str) -> Answer:
    """A JSON answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, json.dumps(content).encode(), named)


def failure(status: int, code: int, message: str, **headers: str) -> Answer:
    """An error as Personio v1 writes it."""
    content = {"success": False, "error": {"code": code, "message": message}}
    return as_json(content, status, **headers)


def blacklisted() -> Answer:
    """What a token that is not, or no longer, good for anything meets."""
    return failure(401, 401, "The token has been blacklisted")


def web_page(status: int = 200) -> Answer:
    """What a gateway or a captive portal answers with."""
    return Answer(status, b"<html><body>Bad gateway</body></html>", kind="text/html")


def attribute(key: str, value: object) -> dict[str, Any]:
    """One attribute as the wire wraps it."""
    return {"label": key, "value": value, "type": "standard", "universal_id": key}


def person(number: int, **values: object) -> dict[str, Any]:
    """An employee's record; `values` replace those of an ordinary one, by Personio's key."""
    ordinary: dict[str, object] = {
        "id": number,
        "first_name": "Jördis",
        "last_name": f"Brandt-{number}",
        "email": f"person{number}@nordlicht-werke.example",
        "status": "active",
        "position": "Data Engineer",
        "supervisor": None,
        "employment_type": "internal",
        "subcompany": _named("Subcompany", 7120, "Nordlicht Werke GmbH"),
        "office": _named("Office", 130551, "Kiel"),
        "department": _named("Department", 280310, "Quality"),
        "cost_centers": [],
    }
    everything = {**ordinary, **values}
    wrapped = {key: attribute(key, value) for key, value in everything.items()}
    return {"type": "Employee", "attributes": wrapped}


def _named(kind: str, number: int, name: str) -> dict[str, Any]:
    return {"type": kind, "attributes": {"id": number, "name": name}}


@dataclass
class Recorded:
    """The account behind the server, and what it does out of the ordinary.

    `meddle` sees each request first, with its number from 0, and may answer in Personio's place.
    `before_page` is called before each page of employees, for people to come and go.
    """

    people: list[dict[str, Any]] = field(default_factory=list)
    readable: tuple[str, ...] = ATTRIBUTES
    largest_page: int = 100
    attributes_status: int = 200
    expires_in: int | None = 86400
    meddle: Callable[[int, Asked], Answer | None] = lambda number, asked: None
    before_page: Callable[[Asked], None] = lambda asked: None
    total: Callable[[int], object] = lambda total: total
    asked: list[Asked] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    logins: int = 0
    token: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        self.lock = threading.Lock()

    def answer(self, asked: Asked) -> Answer:
        """The answer to one request."""
        with self.lock:
            number = len(self.asked)
            self.asked.append(asked)
            self.times.append(time.monotonic())
            if (other := self.meddle(number, asked)) is not None:
                return other
            if asked.path == "/v1/auth":
                return self._log_in(asked)
            if asked.headers.get("authorization") != f"Bearer {self.token}":
                return blacklisted()
            if asked.path == "/v1/company/employees/attributes":
                return self._attributes()
            if asked.path == "/v1/company/employees":
                return self._page(asked)
            return failure(404, 404, "Es ist ein Problem aufgetreten ")

    def end_token(self) -> None:
        """From now on only the token of a new login is good."""
        self.token = ""

    def pages(self) -> list[Asked]:
        """The requests for pages of employees."""
        return [one for one in self.asked if one.path == "/v1/company/employees"]

    def account(self, **changes: Any) -> Account:
        """The account to read this server with; impatient, so that tests are quick."""
        known: dict[str, Any] = {
            "url": self.url,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "throttle_wait": 0.02,
            "retry_wait": 0.01,
            "timeout": 5.0,
        }
        return Account(**{**known, **changes})

    def _log_in(self, asked: Asked) -> Answer:
        right = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        if asked.method != "POST" or asked.query or json.loads(asked.body) != right:
            return failure(403, 0, "Wrong credentials")
        self.logins += 1
        self.token = f"papi-invented-token-{self.logins}"
        data: dict[str, Any] = {"token": self.token}
        if self.expires_in is not None:
            data |= {"expires_in": self.expires_in, "scope": "employees:read"}
        return as_json({"success": True, "data": data})

    def _attributes(self) -> Answer:
        if self.attributes_status != 200:
            return _forbidden()
        listed = [
            {"key": key, "label": key, "type": "standard", "universal_id": key, "options": []}
            for key in self.readable
        ]
        return as_json({"success": True, "data": listed})

    def _page(self, asked: Asked) -> Answer:
        self.before_page(asked)
        query = dict(asked.query)
        limit = min(int(query.get("limit", "50")), self.largest_page)
        wanted = {value for key, value in asked.query if key == "attributes[]"}
        kept = {"id", *self.readable} & ({"id", *wanted} if wanted else {"id", *self.readable})
        shown = self.people[asked.offset : asked.offset + limit]
        total = self.total(len(self.people))
        return as_json(
            {
                "success": True,
                "metadata": {"total_elements": total, "current_page": 0, "total_pages": 3},
                "offset": str(asked.offset),
                "limit": str(limit),
                "data": [_projected(one, kept) for one in shown],
            },
            authorization=f"Bearer {self.token}",
        )


def _projected(record: dict[str, Any], kept: set[str]) -> dict[str, Any]:
    attributes = {key: value for key, value in record["attributes"].items() if key in kept}
    return {"type": "Employee", "attributes": attributes}


def forbidden() -> Answer:
    """What a credential without the right meets."""
    return _forbidden()


def _forbidden() -> Answer:
    return failure(403, 0, "personio.core.api.exceptions.api.forbidden.http.exception")


@contextmanager
def serving(recorded: Recorded) -> Iterator[Recorded]:
    """The account behind a real HTTP server on a free port, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            answer = recorded.answer(
                Asked(
                    self.command,
                    parts.path,
                    tuple(parse_qsl(parts.query, keep_blank_values=True)),
                    {name.lower(): value for name, value in self.headers.items()},
                    self.rfile.read(int(self.headers.get("Content-Length") or 0)),
                )
            )
            if answer.drop:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body[: len(answer.body) // 2] if answer.cut else answer.body)
            self.close_connection = self.close_connection or answer.cut

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    recorded.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield recorded
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
