"""What an authorization request asks for beside the code: pure, read from its parameters."""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from rollcall.access.oidc.authentication import ACRS, MFA_ACR

LONGEST_NONCE: Final = 512
LONGEST_CLAIMS: Final = 8_000
_CHALLENGE: Final = re.compile("[A-Za-z0-9_-]{43}")

NOT_SUPPORTED: Final[Mapping[str, str]] = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
}
"""Parameters that are refused, each with its own error (OpenID Connect Core, 3.1.2.6)."""

PROMPTS: Final = ("none", "login", "consent", "select_account")
"""What `prompt` may ask for; to consent is the organization's, which has set the application up."""


class Mode(enum.StrEnum):
    """How the answer reaches the application (OAuth 2.0 Multiple Response Types; Form Post)."""

    QUERY = "query"
    FRAGMENT = "fragment"
    FORM_POST = "form_post"


class Unanswerable(Exception):
    """The request cannot be met; `error` is the protocol's word for why (Core, 3.1.2.6)."""

    def __init__(self, error: str, description: str = "") -> None:
        super().__init__(error)
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class Wishes:
    """How somebody is to be asked, and what for.

    `max_age` is in seconds, None where any age will do. `acrs` are the classes of authentication of
    which one is essential; empty where none is. `stronger` is whether more than one factor would be
    liked best, and is worth asking for once. `subject` is who it has to be, "" where that is open.
    """

    silent: bool = False
    anew: bool = False
    chosen: bool = False
    max_age: int | None = None
    login_hint: str = ""
    id_token_hint: str = ""
    ui_locales: tuple[str, ...] = ()
    acrs: frozenset[str] = frozenset()
    stronger: bool = False
    subject: str = ""


def mode(given: Mapping[str, str]) -> Mode:
    """How the answer is to reach the application.

    Raises:
        Unanswerable: in no way that there is.
    """
    try:
        return Mode(given.get("response_mode") or Mode.QUERY)
    except ValueError:
        known = ", ".join(Mode)
        raise Unanswerable("invalid_request", f"response_mode is one of {known}") from None


def read(given: Mapping[str, str]) -> Wishes:
    """What these parameters ask for.

    Raises:
        Unanswerable: one of them is not supported, or is no value of its kind.
    """
    for name, error in NOT_SUPPORTED.items():
        if name in given:
            raise Unanswerable(error)
    if not _CHALLENGE.fullmatch(given.get("code_challenge", "")):
        raise Unanswerable("invalid_request", "code_challenge is no S256 challenge")
    if len(given.get("nonce", "")) > LONGEST_NONCE:
        raise Unanswerable("invalid_request", "nonce is too long")
    prompts = given.get("prompt", "").split()
    claims = _claims(given.get("claims", ""))
    acr = _member(_member(claims, "id_token"), "acr")
    return Wishes(
        silent="none" in prompts,
        anew="login" in prompts,
        chosen="select_account" in prompts,
        max_age=_age(given.get("max_age", "")),
        login_hint=given.get("login_hint", "")[:254],
        id_token_hint=given.get("id_token_hint", ""),
        ui_locales=tuple(given.get("ui_locales", "").split()[:20]),
        acrs=_essential(acr),
        stronger=_prefers_more(acr, given.get("acr_values", "")),
        subject=_subject(claims),
    )


def _age(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 10):
        raise Unanswerable("invalid_request", "max_age is no number of seconds")
    return int(text)


def _claims(text: str) -> dict[str, Any]:
    """The parameter `claims` (Core, 5.5)."""
    if len(text) > LONGEST_CLAIMS:
        raise Unanswerable("invalid_request", "claims is too long")
    if not text:
        return {}
    try:
        claims = json.loads(text)
    except (ValueError, RecursionError):
        raise Unanswerable("invalid_request", "claims is no JSON") from None
    if not isinstance(claims, dict):
        raise Unanswerable("invalid_request", "claims is no JSON object")
    return claims


def _essential(acr: Any) -> frozenset[str]:
    """The classes that the parameter `claims` makes essential (Core, 5.5.1.1)."""
    return frozenset(_listed(acr)) if _member(acr, "essential") is True else frozenset()


def _prefers_more(acr: Any, acr_values: str) -> bool:
    """Whether more than one factor comes first of the classes that are known here (Core, 3.1.2.1).

    Both ways ask for it as a voluntary claim: whoever cannot give it gets in all the same.
    """
    wanted = [*_listed(acr), *acr_values.split()[:20]]
    return next((value for value in wanted if value in ACRS), "") == MFA_ACR


def _subject(claims: dict[str, Any]) -> str:
    """Whom the claim `sub` of the ID token is asked for with a value (Core, 5.5.1)."""
    value = _member(_member(_member(claims, "id_token"), "sub"), "value")
    return value if isinstance(value, str) else ""


def _listed(wanted: Any) -> list[str]:
    values = _member(wanted, "values")
    listed = values if isinstance(values, list) else [_member(wanted, "value")]
    return [value for value in listed[:20] if isinstance(value, str)]


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None
