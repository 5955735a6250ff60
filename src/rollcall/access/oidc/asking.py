"""What an authorization request asks for beside the code: pure, read from its parameters."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

LONGEST_NONCE: Final = 512
LONGEST_CLAIMS: Final = 8_000
_CHALLENGE: Final = re.compile("[A-Za-z0-9_-]{43}")

NOT_SUPPORTED: Final[Mapping[str, str]] = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
}
"""Parameters that are refused, each with its own error (OpenID Connect Core, 3.1.2.6)."""


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
    which one is essential; empty where none is.
    """

    silent: bool = False
    anew: bool = False
    max_age: int | None = None
    login_hint: str = ""
    id_token_hint: str = ""
    ui_locales: tuple[str, ...] = ()
    acrs: frozenset[str] = frozenset()


def read(given: Mapping[str, str]) -> Wishes:
    """What these parameters ask for.

    Raises:
        Unanswerable: one of them is not supported, or is no value of its kind.
    """
    for name, error in NOT_SUPPORTED.items():
        if name in given:
            raise Unanswerable(error)
    if given.get("response_mode", "query") != "query":
        raise Unanswerable("invalid_request", "response_mode is query here")
    if not _CHALLENGE.fullmatch(given.get("code_challenge", "")):
        raise Unanswerable("invalid_request", "code_challenge is no S256 challenge")
    if len(given.get("nonce", "")) > LONGEST_NONCE:
        raise Unanswerable("invalid_request", "nonce is too long")
    prompts = given.get("prompt", "").split()
    return Wishes(
        silent="none" in prompts,
        anew="login" in prompts,
        max_age=_age(given.get("max_age", "")),
        login_hint=given.get("login_hint", "")[:254],
        id_token_hint=given.get("id_token_hint", ""),
        ui_locales=tuple(given.get("ui_locales", "").split()[:20]),
        acrs=_essential_acrs(given.get("claims", "")),
    )


def _age(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 10):
        raise Unanswerable("invalid_request", "max_age is no number of seconds")
    return int(text)


def _essential_acrs(text: str) -> frozenset[str]:
    """The classes that the parameter `claims` makes essential (Core, 5.5.1.1)."""
    if len(text) > LONGEST_CLAIMS:
        raise Unanswerable("invalid_request", "claims is too long")
    if not text:
        return frozenset()
    try:
        claims = json.loads(text)
    except (ValueError, RecursionError):
        raise Unanswerable("invalid_request", "claims is no JSON") from None
    if not isinstance(claims, dict):
        raise Unanswerable("invalid_request", "claims is no JSON object")
    wanted = _member(_member(claims, "id_token"), "acr")
    if _member(wanted, "essential") is not True:
        return frozenset()
    values = _member(wanted, "values")
    listed = values if isinstance(values, list) else [_member(wanted, "value")]
    return frozenset(value for value in listed if isinstance(value, str))


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None
