"""What the API answers with when it does not do as asked: a status and `{"message": …}`."""

from __future__ import annotations

from collections.abc import Sequence

import pydantic
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from scim2_models import Error, SCIMException

from rollcall.api.answers import answer

NOT_FOUND = "Not Found"
ALREADY_EXISTS = "Already Exists"


class Problem(Exception):
    """A request that is refused; `messages` has each reason, the first of which is the answer's."""

    def __init__(self, status: int, *messages: str) -> None:
        super().__init__(*messages)
        self.status = status
        self.messages: Sequence[str] = messages


def bad_request(message: str) -> Problem:
    """A 400 with this message."""
    return Problem(400, message)


def not_found() -> Problem:
    """A 404 for an id that nothing has."""
    return Problem(404, NOT_FOUND)


def install(api: NinjaAPI) -> None:
    """Let every error of this API be answered in JumpCloud's form."""

    @api.exception_handler(Problem)
    def on_problem(request: HttpRequest, error: Problem) -> HttpResponse:
        return refused(request, error.status, "; ".join(error.messages))

    @api.exception_handler(ValidationError)
    def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        text = "; ".join(_told(one) for one in error.errors)
        return refused(request, 400, f"Bad Request: {text}")

    @api.exception_handler(AuthenticationError)
    def on_unauthorized(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return refused(request, 401, "Unauthorized")

    @api.exception_handler(HttpError)
    def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        return refused(request, error.status_code, error.message)

    @api.exception_handler(SCIMException)
    def on_scim(request: HttpRequest, error: SCIMException) -> HttpResponse:
        return scim_refused(error.to_error())

    @api.exception_handler(pydantic.ValidationError)
    def on_invalid_resource(request: HttpRequest, error: pydantic.ValidationError) -> HttpResponse:
        return scim_refused(Error.from_validation_errors(error)[0])


def refused(request: HttpRequest, status: int, message: str) -> HttpResponse:
    """The refusal in the form of the API that was called: JumpCloud's, or SCIM's."""
    if not request.path.startswith("/scim/"):
        return answer({"message": message}, status)
    kind = {400: "invalidValue", 409: "uniqueness"}.get(status)
    return scim_refused(Error(status=status, scim_type=kind, detail=message))


def scim_refused(error: Error) -> HttpResponse:
    """A refusal as a SCIM error (RFC 7644, 3.12)."""
    return answer(error.model_dump(), error.status or 400, "application/scim+json")


def _told(error: dict[str, object]) -> str:
    """A pydantic error as place and reason, without the value."""
    location = error["loc"]
    where = [str(part) for part in location] if isinstance(location, list | tuple) else []
    place = ".".join(part for part in where if part not in {"body", "query", "payload", "path"})
    return f"{place}: {error['msg']}" if place else str(error["msg"])
