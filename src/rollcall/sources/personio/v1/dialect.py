"""Version 1 in every single call: its login, its refusals, and its steady pace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from rollcall.sources.personio import responses
from rollcall.sources.personio.account import Account
from rollcall.sources.personio.connection import Answer
from rollcall.sources.personio.dialect import Dialect, Login
from rollcall.sources.personio.errors import AccessDenied, CredentialsRefused
from rollcall.sources.personio.pacing import Bucket, Pace
from rollcall.sources.personio.token import tokens_refused

NO_ACCESS: Final = (
    "The credentials are right, but may not read employees; give them the right to read "
    "personnel data in Personio: Settings, Integrations, API credentials"
)


class SteadyGate:
    """One bucket for all requests: v1 tells nothing of its limits while it answers."""

    def __init__(self, account: Account, sleep: Callable[[float], object]) -> None:
        per_minute = account.requests_per_minute
        self._bucket = Bucket(Pace.of(per_minute) if per_minute else None, sleep=sleep)

    def enter(self, endpoint: str) -> None:
        """Wait until a request may be sent."""
        self._bucket.take()

    def leave(self, endpoint: str, headers: Mapping[str, str] | None) -> None:
        """Nothing is learnt of an answer."""

    def pause(self, endpoint: str, seconds: float) -> None:
        """Let nobody in for so long."""
        self._bucket.pause(seconds)


def judge_login(answer: Answer) -> dict[str, Any]:
    """The JSON of an answer to the login (v1, POST auth).

    Raises:
        Fault: it may pass.
        CredentialsRefused: Personio does not accept Client ID and Client Secret.
        PersonioMisbehaved, PersonioUnreachable: the answer is none of Personio's.
    """
    # 403 is what has been met; the others mean the same, where nothing but the pair is sent.
    if answer.status_code in (400, 401, 403, 422):
        responses.must_be_personio(answer)
        raise CredentialsRefused(responses.WRONG_CREDENTIALS)
    return responses.usable(answer)


def judge(answer: Answer) -> dict[str, Any]:
    """The JSON of an answer to a call that carried a token.

    Raises:
        Fault: it may pass; `TokenRefused` where a new token is called for.
        AccessDenied: the credential lacks the right.
        PersonioMisbehaved, PersonioUnreachable: the answer is none of Personio's.
    """
    # Of a missing right v1 speaks with 403; a 401 is about the token.
    if answer.status_code == 401:
        raise responses.TokenRefused("it refused one token after the other (HTTP 401)")
    if answer.status_code == 403:
        responses.must_be_personio(answer)
        raise AccessDenied(NO_ACCESS)
    return responses.usable(answer)


def _login(account: Account) -> Login:
    pair = {"client_id": account.client_id, "client_secret": account.client_secret}
    return Login("auth", json=pair)


def _token(content: dict[str, Any]) -> tuple[object, object]:
    data = content.get("data")
    return (data.get("token"), data.get("expires_in")) if isinstance(data, dict) else (None, None)


V1: Final = Dialect(
    root="v1",
    login=_login,
    token=_token,
    judge_login=judge_login,
    judge=judge,
    no_token_works=tokens_refused,
    gate=SteadyGate,
)
