"""Version 2 in every single call: its OAuth login, its refusals, and the pace that it tells."""

from __future__ import annotations

from typing import Any, Final

from rollcall.sources.personio import responses
from rollcall.sources.personio.account import Account
from rollcall.sources.personio.connection import Answer
from rollcall.sources.personio.dialect import Dialect, Login
from rollcall.sources.personio.errors import (
    AccessDenied,
    CredentialsRefused,
    PersonioError,
    PersonioMisbehaved,
)
from rollcall.sources.personio.retrying import Fault
from rollcall.sources.personio.v2.pacing import ToldGate

NO_ACCESS: Final = (
    "Personio gives this credential a token and then refuses it (API v2): it has ended, or lacks "
    "the right to read persons (personio:persons:read); look at it in Personio: Settings, "
    "Integrations, API credentials"
)
PASSING_ERRORS: Final = ("server_error", "temporarily_unavailable")
"""OAuth's words for failures of the server's own (RFC 6749, 4.1.2.1)."""


class NotThere(PersonioMisbehaved):
    """HTTP 404 or 412: no such person, no such list, or a feature that the account lacks."""


def judge_login(answer: Answer) -> dict[str, Any]:
    """The JSON of an answer to the login (v2, POST auth/token).

    Raises:
        Fault: it may pass.
        CredentialsRefused: Personio does not accept Client ID and Client Secret.
        PersonioMisbehaved, PersonioUnreachable: the answer is none of Personio's.
    """
    # The contract has 400 for every refusal; clients have met 401 and 403 too.
    if answer.status_code in (400, 401, 403):
        responses.must_be_personio(answer)
        if _error(answer) in PASSING_ERRORS:
            raise Fault("it could not log in at the moment; try again later")
        raise CredentialsRefused(responses.WRONG_CREDENTIALS)
    return responses.usable(answer)


def judge(answer: Answer) -> dict[str, Any]:
    """The JSON of an answer to a call that carried a token.

    Raises:
        Fault: it may pass; `TokenRefused` where a new token is called for.
        AccessDenied: the credential lacks the right.
        NotThere: what was asked for is not there.
        PersonioMisbehaved, PersonioUnreachable: the answer is none of Personio's.
    """
    # A missing right shows as 401 on v2's persons, like a token that has ended.
    if answer.status_code == 401:
        raise responses.TokenRefused(
            "it refused one token after the other (HTTP 401)", ends_as=_no_right
        )
    if answer.status_code == 403:
        responses.must_be_personio(answer)
        raise AccessDenied(NO_ACCESS)
    if answer.status_code in (404, 412):
        responses.must_be_personio(answer)
        raise NotThere(
            f"Personio answered with HTTP {answer.status_code}, which was not to be expected; "
            f"{responses.NOT_PERSONIO}"
        )
    return responses.usable(answer)


def _error(answer: Answer) -> object:
    try:
        content = answer.json()
    except ValueError:
        return None
    return content.get("error") if isinstance(content, dict) else None


def _login(account: Account) -> Login:
    form = {
        "grant_type": "client_credentials",
        "client_id": account.client_id,
        "client_secret": account.client_secret,
    }
    return Login("auth/token", form=form)


def _token(content: dict[str, Any]) -> tuple[object, object]:
    return content.get("access_token"), content.get("expires_in")


def _no_right(_: str = "") -> PersonioError:
    return AccessDenied(NO_ACCESS)


V2: Final = Dialect(
    root="v2",
    login=_login,
    token=_token,
    judge_login=judge_login,
    judge=judge,
    no_token_works=_no_right,
    gate=ToldGate,
)
