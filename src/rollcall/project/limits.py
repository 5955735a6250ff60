"""How large and how slow a request may be: refused before anything of it is kept, whoever sends it.

What is refused here is told in the form of the API that was called, as its own refusals are.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

Message: TypeAlias = Mapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Any, Receive, Send], Awaitable[None]]

LARGEST: Final = 8_000_000
"""Bytes of a body. Django itself refuses less than this where it reads a body into memory, but puts
any body at all into a file first."""

LARGEST_FILE: Final = 65 * 2**20
"""The same for a file of employees (`sources.csv` takes 64 MiB), where the portal asks for one."""

_TAKES_A_FILE: Final = re.compile("/applications/[^/]+/manual-import/$")

SCIM_ERROR: Final = "urn:ietf:params:scim:api:messages:2.0:Error"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one request may be: bytes (`file` where a page asks for one), numbers, and seconds from
    its head to the end of its body."""

    body: int = LARGEST
    file: int = LARGEST_FILE
    headers: int = 100
    header_bytes: int = 32 * 1024
    address: int = 16 * 1024
    seconds: float = 120.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not taken (RFC 9110, 15.5; RFC 6585, 5)."""

    status: int
    text: str


class Refused(Exception):
    """The rest of a body is not taken, for this reason."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.text)
        self.refusal = refusal


TWO_LENGTHS: Final = Refusal(400, "Bad Request")
"""Two words for where a body ends: a proxy that heeds the other one would take a part of it for the
next request (RFC 9112, 6.3)."""
TOO_LARGE: Final = Refusal(413, "Payload Too Large")
TOO_LONG_ADDRESS: Final = Refusal(414, "URI Too Long")
TOO_MANY_HEADERS: Final = Refusal(431, "Request Header Fields Too Large")
TOO_SLOW: Final = Refusal(408, "Request Timeout")


def limited(app: App, bounds: Bounds | None = None) -> App:
    """The ASGI application, which sees no request beyond these bounds.

    A body is counted as it comes, whatever its head says of its length.
    """
    bounds = bounds or Bounds()

    async def answering(scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        takes_file = scope.get("method") == "POST" and _TAKES_A_FILE.search(scope["path"])
        here = replace(bounds, body=bounds.file) if takes_file else bounds
        refusal = _of_head(scope, here)
        if refusal is None:
            try:
                await app(scope, _bounded(receive, here), send)
            except Refused as refused:
                refusal = refused.refusal
        if refusal is not None:
            await _refuse(scope, send, refusal)

    return answering


def _of_head(scope: Any, bounds: Bounds) -> Refusal | None:
    headers = scope["headers"]
    if len(scope.get("raw_path") or b"") + len(scope.get("query_string", b"")) > bounds.address:
        return TOO_LONG_ADDRESS
    size = sum(len(name) + len(value) for name, value in headers)
    if len(headers) > bounds.headers or size > bounds.header_bytes:
        return TOO_MANY_HEADERS
    named = dict(headers)
    if b"transfer-encoding" in named and b"content-length" in named:
        return TWO_LENGTHS
    length = named.get(b"content-length", b"0")
    # The length of the digits first: a number of any length would be made of them.
    if length.isdigit() and (len(length) > 15 or int(length) > bounds.body):
        return TOO_LARGE
    return None


def _bounded(receive: Receive, bounds: Bounds) -> Receive:
    """`receive`, which raises `Refused` where the body is too long or takes too long."""
    seen = 0
    is_whole = False
    ends = asyncio.get_running_loop().time() + bounds.seconds

    async def bounded() -> Message:
        nonlocal seen, is_whole
        if is_whole:
            return await receive()  # from now on it only tells of a client that has gone
        try:
            async with asyncio.timeout_at(ends):
                message = await receive()
        except TimeoutError:
            raise Refused(TOO_SLOW) from None
        seen += len(message.get("body", b""))
        if seen > bounds.body:
            raise Refused(TOO_LARGE)
        is_whole = not message.get("more_body", False)
        return message

    return bounded


async def _refuse(scope: Any, send: Send, refusal: Refusal) -> None:
    kind, content = _content(str(scope.get("path", "")), refusal)
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(content)).encode()),
        (b"connection", b"close"),  # the rest of the request is not waited for
    ]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _content(path: str, refusal: Refusal) -> tuple[bytes, bytes]:
    """The refusal as the API that was called says it; plain text for a browser."""
    if path.startswith("/scim/"):
        error = {
            "schemas": [SCIM_ERROR],
            "status": str(refusal.status),
            "detail": refusal.text,
        }
        return b"application/scim+json", json.dumps(error).encode()
    if path.startswith(("/api/", "/insights/directory/v1/")):
        return b"application/json", json.dumps({"message": refusal.text}).encode()
    return b"text/plain; charset=utf-8", refusal.text.encode()
