"""What the API answers with when it does not do as asked: a status and `{"message": …}`."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

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
        return answer({"message": "; ".join(error.messages)}, error.status)

    @api.exception_handler(ValidationError)
    def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        text = "; ".join(_told(one) for one in error.errors)
        return answer({"message": f"Bad Request: {text}"}, 400)

    @api.exception_handler(AuthenticationError)
    def on_unauthorized(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return answer({"message": "Unauthorized"}, 401)

    @api.exception_handler(HttpError)
    def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        return answer({"message": error.message}, error.status_code)


def _told(error: dict[str, object]) -> str:
    """A pydantic error as place and reason, without the value."""
    location = error["loc"]
    where = [str(part) for part in location] if isinstance(location, list | tuple) else []
    place = ".".join(part for part in where if part not in {"body", "query", "payload", "path"})
    return f"{place}: {error['msg']}" if place else str(error["msg"])
