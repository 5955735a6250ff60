"""The layer around the routes that counts every request and puts the wanted faults in its way."""

from __future__ import annotations

import asyncio

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .account import Account
from .errors import Refusal, broken, dead_token, too_many
from .switches import RetryAfter

TRANSPORT = "sandbox.transport"
"""The key under which the server hands over the connection, so that it can be closed."""

_GATEWAY_PAGE = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
_MAINTENANCE = "<!doctype html><title>Wartung</title><h1>Wir sind gleich zurück</h1>"
_NAP = 0.2


class Trouble:
    """ASGI middleware; see `faults.KINDS` for what it does."""

    def __init__(self, app: ASGIApp, account: Account) -> None:
        self._app = app
        self._account = account

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        # The counts are for tests: a fault in them would be taken for one of the account.
        if scope["type"] != "http" or path.startswith("/_sandbox"):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        self._note(scope["method"], path, headers)
        counted = self._counting(send)
        fault = self._account.dice.throw(path)
        if fault is not None:
            self._account.ledger.faults[fault] += 1
        await self._answer(fault, scope, receive, counted)

    def _note(self, method: str, path: str, headers: dict[bytes, bytes]) -> None:
        names = (headers.get(b"x-personio-app-id"), headers.get(b"x-personio-partner-id"))
        app_id, partner_id = (name.decode("latin-1") if name else None for name in names)
        self._account.ledger.request(method, path, app_id, partner_id)

    def _counting(self, send: Send) -> Send:
        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._account.ledger.statuses[str(message["status"])] += 1
            await send(message)

        return counting

    async def _answer(self, fault: str | None, scope: Scope, receive: Receive, send: Send) -> None:
        if fault == "drop":
            await _hang_up(scope)
        elif fault == "truncate":
            await self._truncated(scope, receive, send)
        elif fault is None or fault == "timeout":
            if fault is None or await self._sit_out(scope):
                await self._app(scope, receive, send)
        else:
            await self._instead(fault, scope)(scope, receive, send)

    def _instead(self, fault: str, scope: Scope) -> Response:
        version = 2 if scope["path"].startswith("/v2/") else 1
        pages = {"502": (_GATEWAY_PAGE, 502), "504": ("", 504), "html": (_MAINTENANCE, 200)}
        if fault in pages:
            return HTMLResponse(*pages[fault])
        if fault == "success-false":
            error = {"code": 0, "message": "Something went wrong"}
            return JSONResponse({"success": False, "error": error})
        return self._refusal(fault, version, scope).response()

    def _refusal(self, fault: str, version: int, scope: Scope) -> Refusal:
        if fault == "429":
            told = self._account.switches.retry_after is RetryAfter.YES
            return too_many(version, 1 if told else None)
        if fault == "500":
            return broken(version)
        header: bytes = dict(scope["headers"]).get(b"authorization", b"")
        self._account.tokens.end(header.decode("latin-1").partition(" ")[2].strip())
        return dead_token(version)

    async def _sit_out(self, scope: Scope) -> bool:
        """Let the time of a late answer pass; False when the caller has left meanwhile."""
        transport: asyncio.Transport | None = scope.get(TRANSPORT)
        remaining = self._account.dice.timeout_delay
        while remaining > 0:
            await asyncio.sleep(min(_NAP, remaining))
            remaining -= _NAP
            if transport is not None and transport.is_closing():
                return False
        return True

    async def _truncated(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send half of the body: as if it were all of it, or with the promise of more."""
        start, body = await _whole(self._app, scope, receive)
        half = body[: len(body) // 2]
        # Both ways happen: a proxy cuts and corrects the length, a lost connection keeps the
        # promise.
        promised = len(body) if self._account.dice.coin() and TRANSPORT in scope else len(half)
        others = [pair for pair in start["headers"] if pair[0] != b"content-length"]
        start["headers"] = [*others, (b"content-length", str(promised).encode())]
        await send(start)
        more = promised > len(half)
        await send({"type": "http.response.body", "body": half, "more_body": more})
        if more:
            scope[TRANSPORT].close()
            await asyncio.sleep(0)


async def _whole(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    body = b"".join(m.get("body", b"") for m in messages if m["type"] == "http.response.body")
    return messages[0], body


async def _hang_up(scope: Scope) -> None:
    transport: asyncio.Transport | None = scope.get(TRANSPORT)
    if transport is None:
        raise ConnectionError("the connection is dropped, as asked for")
    transport.abort()
    # The server notes a lost connection one turn of its loop later, and only then lets
    # a request end without an answer.
    await asyncio.sleep(0.01)
