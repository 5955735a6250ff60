"""The account's refusals, in the bodies that Personio gives them.

Refusal ── V1Refusal
        ├─ V2Refusal
        └─ OAuthRefusal
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from math import ceil

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

_REFERENCE = "https://developer.personio.de/reference/errors#"


class Refusal(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, headers: dict[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.headers = headers or {}

    def response(self) -> Response:
        """The answer."""
        raise NotImplementedError


class V1Refusal(Refusal):
    """Personio v1: `success: false` with a code, which may differ from the status."""

    def __init__(
        self, status: int, code: int, message: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(status, headers)
        self.code = code
        self.message = message

    def response(self) -> Response:
        """The answer."""
        error = {"code": self.code, "message": self.message}
        body = {"success": False, "error": error}
        return JSONResponse(body, self.status, headers=self.headers)


class V2Refusal(Refusal):
    """Personio v2: application/problem+json with a trace id and a list of errors."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        kind: str,
        headers: dict[str, str] | None = None,
        meta: dict[str, str] | None = None,
    ) -> None:
        super().__init__(status, headers)
        self.error = {
            "title": title,
            "detail": detail,
            "type": f"{_REFERENCE}{kind}",
            "_meta": meta or {},
        }

    def response(self) -> Response:
        """The answer."""
        body = {"personio_trace_id": uuid.uuid4().hex, "timestamp": _now(), "errors": [self.error]}
        return _problem(body, self.status, self.headers)


class OAuthRefusal(Refusal):
    """Personio v2's token endpoint: always 400, `trace_id` and `error`."""

    def __init__(self, error: str, description: str, kind: str, **more: object) -> None:
        super().__init__(400)
        self.body = {"error": error, "error_description": description, **more}
        self.uri = f"{_REFERENCE}credentials.oauth2.{kind}"

    def response(self) -> Response:
        """The answer."""
        # The contract has the link under another name for this one error.
        where = "type" if self.uri.endswith("content_type") else "error_uri"
        body = {"timestamp": _now(), "trace_id": str(uuid.uuid4()), **self.body, where: self.uri}
        return _problem(body, self.status, self.headers)


def _problem(body: Mapping[str, object], status: int, headers: dict[str, str]) -> Response:
    return JSONResponse(body, status, headers=headers, media_type="application/problem+json")


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def too_many(version: int, retry_after: float | None) -> Refusal:
    """A 429, with Retry-After when a wait in seconds is given."""
    headers = {} if retry_after is None else {"Retry-After": str(max(1, ceil(retry_after)))}
    if version == 1:
        return V1Refusal(429, 429, "Too Many Requests", headers)
    detail = "The request rate limit was exceeded."
    return V2Refusal(429, "Too Many Requests", detail, "common.too_many_requests", headers)


def broken(version: int) -> Refusal:
    """A 500."""
    if version == 1:
        return V1Refusal(500, 500, "Something went wrong")
    detail = "There was a problem while processing this request. Please try again later."
    return V2Refusal(500, "Internal Server Error", detail, "common.internal_server_error")


def dead_token(version: int) -> Refusal:
    """A 401 for a token that is not, or no longer, good."""
    if version == 1:
        return V1Refusal(401, 401, "The token has been blacklisted")
    return V2Refusal(401, "Unauthorized Request", "The token is not valid.", "common.unauthorized")


def bad_parameters() -> Refusal:
    """A 400 for v2 parameters that make no sense."""
    detail = "Provided request parameters are invalid."
    return V2Refusal(400, "Bad request", detail, "common.bad_request")


def no_resource() -> Refusal:
    """A 404 for a v2 object that is not there."""
    detail = "There is no resource for the specified id."
    return V2Refusal(404, "Resource not found", detail, "common.resource_not_found")


def no_endpoint(path: str) -> Refusal:
    """A 404 for a path that the API does not have."""
    if not path.startswith("/v2"):
        return V1Refusal(404, 404, "Not Found")
    detail = f"The endpoint with {path} was not found."
    return V2Refusal(404, "Not Found", detail, "apinot_found", meta={"path": path})


async def answer_unknown(request: Request, _: Exception) -> Response:
    """The web framework's hook for a path or method that nobody answers."""
    return no_endpoint(request.url.path).response()
