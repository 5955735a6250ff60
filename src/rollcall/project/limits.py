"""How large a request may be: refused before anything of it is kept, whoever sends it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeAlias

Message: TypeAlias = Mapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Any, Receive, Send], Awaitable[None]]

LARGEST: Final = 8_000_000
"""Bytes. Django itself refuses less than this where it reads a body into memory, but puts any body
at all into a file first."""

TOO_LARGE: Final = b'{"message":"Payload Too Large"}'


def limited(app: App) -> App:
    """The ASGI application, which sees no request body above `LARGEST`.

    One that says so beforehand is answered with 413; one that does not is cut off.
    """

    async def answering(scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
        elif _said(scope) > LARGEST:
            await _refuse(send)
        else:
            await app(scope, _counted(receive), send)

    return answering


def _said(scope: Any) -> int:
    text = dict(scope["headers"]).get(b"content-length", b"0")
    return int(text) if text.isdigit() else 0


def _counted(receive: Receive) -> Receive:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return {"type": "http.disconnect"} if seen > LARGEST else message

    return counted


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": TOO_LARGE})
