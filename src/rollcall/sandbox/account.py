"""The account that the routes answer for, and the checks at its door."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from .company import Company
from .credentials import Credentials, Token, TokenStore
from .errors import Refusal, V1Refusal, V2Refusal, dead_token, too_many
from .faults import Dice
from .limits import Limits
from .request_log import Ledger
from .switches import PERSONS_READ, MissingRight, RetryAfter, Switches, Tokens, V1Right


@dataclass(frozen=True)
class Account:
    """One stand-in account: its company, its choices, and what it remembers of its callers."""

    company: Company
    switches: Switches
    credentials: Credentials
    tokens: TokenStore
    limits: Limits
    dice: Dice
    ledger: Ledger = field(default_factory=Ledger)


def account_of(request: Request) -> Account:
    """The account that a request is for."""
    account = request.app.state.account
    assert isinstance(account, Account)  # noqa: S101 - narrows the framework's untyped state
    return account


def base_url(request: Request) -> str:
    """The address that the caller reached the account under, without a slash at its end."""
    return str(request.base_url).rstrip("/")


def caller(request: Request) -> str:
    """The caller's IP address, which v1's overall limit is counted by."""
    return request.client.host if request.client else "unknown"


def admit(account: Account, version: int, wait: float) -> None:
    """Raise a 429 when the limits ask to wait."""
    if wait > 0:
        told = wait if account.switches.retry_after is RetryAfter.YES else None
        raise too_many(version, told)


def bearer(request: Request, version: int) -> Token:
    """The living token in the request's Authorization header; raises a 401."""
    account = account_of(request)
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not text:
        raise _unauthorized(version)
    token = account.tokens.find(text.strip())
    separate = account.switches.tokens is Tokens.SEPARATE
    if token is None or (separate and token.version != version):
        raise dead_token(version)
    return token


def reader(request: Request, version: int) -> Token:
    """The living token of a caller who may read people; raises a 401 or 403."""
    token = bearer(request, version)
    refused = version == 1 and account_of(request).switches.v1_right is V1Right.MISSING
    if refused or PERSONS_READ not in token.scopes:
        raise _forbidden(version, account_of(request).switches.missing_right)
    return token


def enter_v2(request: Request, endpoint: str) -> dict[str, str]:
    """Let a v2 request in, by the endpoint's limit and the token; the headers of its answer."""
    account = account_of(request)
    request.state.endpoint = endpoint
    # The limit first: a refused token counts towards it as well.
    admit(account, 2, account.limits.v2(endpoint))
    reader(request, 2)
    return account.limits.v2_headers(endpoint)


async def answer_refusal(request: Request, refusal: Exception) -> Response:
    """The web framework's hook for `Refusal`."""
    assert isinstance(refusal, Refusal)  # noqa: S101 - narrows what the framework hands over
    response = refusal.response()
    endpoint = getattr(request.state, "endpoint", None)
    if endpoint is not None:
        response.headers.update(account_of(request).limits.v2_headers(endpoint))
    return response


def _unauthorized(version: int) -> Refusal:
    if version == 1:
        return V1Refusal(401, 401, "Authorization is not provided")
    detail = "Authorization is not provided."
    return V2Refusal(401, "Unauthorized Request", detail, "common.unauthorized")


def _forbidden(version: int, status: MissingRight) -> Refusal:
    if version == 1:
        return V1Refusal(403, 0, "personio.core.api.exceptions.api.forbidden.http.exception")
    if status is MissingRight.UNAUTHORIZED:
        detail = "The client is not allowed to read persons."
        return V2Refusal(401, "Unauthorized Request", detail, "common.unauthorized")
    detail = "Client scope insufficient to access resource"
    # Without the dot that the others have: so it was seen on the wire.
    return V2Refusal(403, "Insufficient access scope", detail, "commonforbidden")
