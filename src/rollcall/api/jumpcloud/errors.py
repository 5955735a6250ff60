"""What the API answers with when it does not do as asked: a status and `{"message": …}`."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Sequence
from typing import Final

import pydantic
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from scim2_models import Error, SCIMException

from rollcall.accounts import api_keys
from rollcall.accounts.actors import NOBODY, address_of
from rollcall.accounts.models import ApiKey
from rollcall.api.jumpcloud.responses import answer
from rollcall.audit.actions import Action
from rollcall.audit.actor import Actor, Door, Initiator
from rollcall.audit.refusals import record_refusal

NOT_FOUND = "Not Found"
ALREADY_EXISTS = "Already Exists"
TOO_MUCH: Final = (
    "too large",
    "too many",
    "overflow",
    "stack depth",
    "interrupted",
    "statement timeout",
)
"""Words of a database that was asked something too long to think about."""

LIMITS: Final = {413: "the request is too large", 429: "the key has used its share"}
"""The statuses of a request that is in order and asks for too much, as the audit log says it."""

log = logging.getLogger(__name__)


class Problem(Exception):
    """A request that is refused; `messages` has each reason, the first of which is the answer's.

    `retry_after` is the number of seconds after which it may be sent again.
    """

    def __init__(self, status: int, *messages: str, retry_after: int | None = None) -> None:
        super().__init__(*messages)
        self.status = status
        self.messages: Sequence[str] = messages
        self.retry_after = retry_after


def bad_request(message: str) -> Problem:
    """A 400 with this message."""
    return Problem(400, message)


def not_found() -> Problem:
    """A 404 for an id that nothing has."""
    return Problem(404, NOT_FOUND)


EXPECTED: Final = (Problem, HttpError, SCIMException, pydantic.ValidationError)
"""What a view raises to refuse a request."""


def install(api: NinjaAPI) -> None:
    """Let every error of this API be answered in JumpCloud's form."""

    @api.exception_handler(ValidationError)
    def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        text = "; ".join(_told(detail) for detail in error.errors)
        return refused(request, 400, f"Bad Request: {text}")

    @api.exception_handler(AuthenticationError)
    def on_unauthorized(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        _note_no_key(request)
        response = refused(request, 401, "Unauthorized")
        response["WWW-Authenticate"] = 'Bearer realm="Rollcall"'  # RFC 9110, 11.6.1
        return response

    for kind in EXPECTED:
        api.add_exception_handler(kind, expected)
    _install_faults(api)


def expected(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """The answer to a request that ended with one of the `EXPECTED` errors, alone or in a bulk."""
    match error:
        case Problem():
            return _on_problem(request, error)
        case HttpError():
            cause = error.__cause__  # of what our own parser said, ninja keeps no more than this
            told = cause if isinstance(cause, HttpError) else error
            return refused(request, told.status_code, told.message)
        case SCIMException():
            return scim_refused(error.to_error())
        case pydantic.ValidationError():
            # Of several mistakes the first: a SCIM error has place for one.
            return scim_refused(Error.from_validation_errors(error)[0])
    raise error


def _on_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    _note_limit(request, problem.status)
    # JumpCloud's form has place for one message.
    response = refused(request, problem.status, "; ".join(problem.messages))
    if problem.retry_after is not None:
        response["Retry-After"] = str(problem.retry_after)
    return response


def _install_faults(api: NinjaAPI) -> None:
    """What nobody foresaw is told in JSON too, never on a page for people."""

    @api.exception_handler(RequestDataTooBig)
    def on_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        _note_limit(request, 413)
        return refused(request, 413, "Payload Too Large")

    @api.exception_handler(SuspiciousOperation)
    def on_suspicious(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
        return refused(request, 400, "Bad Request")

    @api.exception_handler(OperationalError)
    def on_database(request: HttpRequest, error: OperationalError) -> HttpResponse:
        # PostgreSQL says these in the language of its server: where that is not English, a 503
        # comes of it.
        if any(words in str(error).lower() for words in TOO_MUCH):
            return refused(request, 400, "Bad Request: too much is asked for at once")
        _log(error)
        return refused(request, 503, "Service Unavailable: the database is busy, try again")

    @api.exception_handler(Exception)
    def on_fault(request: HttpRequest, error: Exception) -> HttpResponse:
        _log(error)
        return refused(request, 500, "Internal Server Error")


def _log(error: Exception) -> None:
    """Where it broke; the error's own text may hold somebody's values and is left out."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("a request failed: %s\n%s", type(error).__name__, frames)


def refused(request: HttpRequest, status: int, message: str) -> HttpResponse:
    """The refusal in the form of the API that was called: JumpCloud's, or SCIM's."""
    if not request.path.startswith("/scim/"):
        return answer({"message": message}, status)
    # The keywords of RFC 7644 (table 9) are for bad requests and, `uniqueness`, for a 409; other
    # statuses have none.
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


def _note_limit(request: HttpRequest, status: int) -> None:
    """Write down that a key asked for more than it may; what is only mistaken is no refusal."""
    key = getattr(request, "auth", None)
    if status in LIMITS and isinstance(key, ApiKey):
        door = Door.SCIM if request.path.startswith("/scim/") else Door.API
        actor = Actor(Initiator.API_KEY, door, key.name, key.id, address_of(request))
        target = api_keys.key_target(key)
        record_refusal(actor, Action.KEY_REFUSED, target, reason=LIMITS[status])


def _note_no_key(request: HttpRequest) -> None:
    """Write down who asked without a key; a wrong one is noted where it is looked up (`auth`)."""
    if "x-api-key" in request.headers or "authorization" in request.headers:
        return
    door = Door.SCIM if request.path.startswith("/scim/") else Door.API
    nobody = Actor(Initiator.API_KEY, door, NOBODY, address=address_of(request))
    record_refusal(nobody, Action.KEY_REFUSED, reason="no key was given")
