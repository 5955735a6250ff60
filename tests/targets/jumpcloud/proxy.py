"""A proxy before a cloud that loses its nerve now and then, and remembers what passed through."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from tests.targets.jumpcloud.cloud import _cut_off, hosting
from tests.targets.jumpcloud.contract import Exchange

FAULTS = ("429", "500", "503", "drop", "lose")
"""Statuses that are answered without asking the cloud; `drop` cuts the answer off unasked, and
`lose` has the cloud carry the request out and cuts the answer off."""


@dataclass
class Proxy:
    """Passes requests on to `target`; a tenth of them comes to grief, each way in its turn.

    `lose_first` is a `METHOD path` whose first request is carried out and not answered, too.
    """

    target: str
    rate: float = 0.1
    lose_first: str = ""
    seed: int = 11
    url: str = ""
    traffic: list[Exchange] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        fault = self._fault(f"{request.method} {request.url.path}")
        if fault in ("429", "500", "503"):
            headers = {"retry-after": "0.2"} if fault == "429" else {}
            said: Response = JSONResponse({"message": "A fault"}, int(fault), headers)
            await said(scope, receive, send)
            return
        if fault != "drop":
            said = await self._passed_on(request, body)
        if fault:
            await _cut_off(send)
        else:
            await said(scope, receive, send)

    def _fault(self, line: str) -> str:
        if line == self.lose_first:
            self.lose_first = ""
            return "lose"
        if self._random.random() >= self.rate:
            return ""
        self.faults.append(FAULTS[len(self.faults) % len(FAULTS)])
        return self.faults[-1]

    async def _passed_on(self, request: Request, body: bytes) -> Response:
        sent = {name: value for name, value in request.headers.items() if name != "host"}
        query = request.url.query
        address = f"{self.target}{request.url.path}{'?' if query else ''}{query}"
        async with httpx.AsyncClient(timeout=60) as client:
            answer = await client.request(
                request.method,
                address,
                content=body,
                headers=sent | {"accept-encoding": "identity"},
            )
        self.traffic.append(_exchange(request, body, answer))
        kept = ("content-type", "x-total-count", "retry-after")
        headers = {name: answer.headers[name] for name in kept if name in answer.headers}
        return Response(answer.content, answer.status_code, headers)

    def count(self, method: str, part: str, holding: str = "") -> int:
        """How many requests of this kind the cloud carried out, with this text in the body."""
        return sum(
            one.method == method and part in one.path and holding in json.dumps(one.body)
            for one in list(self.traffic)
        )

    def writes(self) -> list[Exchange]:
        """The requests that ask for a change of somebody or something."""
        reads = ("GET", "HEAD")
        return [
            one
            for one in self.traffic
            if one.method not in reads and "/search/" not in one.path and one.body
        ]


@contextmanager
def proxy_before(target: str) -> Iterator[Proxy]:
    """A proxy before the cloud at this address, on a free port of this machine."""
    with hosting() as host:
        proxy = Proxy(target, url=host.url)
        host.app = proxy
        yield proxy


def _exchange(request: Request, body: bytes, answer: httpx.Response) -> Exchange:
    said: Any = answer.json() if answer.content else None
    return Exchange(
        method=request.method,
        path=request.url.path,
        query=dict(request.query_params),
        headers=dict(request.headers),
        body=json.loads(body) if body else None,
        status=answer.status_code,
        answer=said,
    )
