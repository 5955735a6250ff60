"""What somebody has proved who they are with, and when, as other doors pass it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from rollcall.accounts.models import Account

PASSWORD: Final = "pwd"  # noqa: S105 - no password
ONE_TIME: Final = "otp"
KEY: Final = "pop"
SEVERAL: Final = "mfa"

SECOND_FACTORS: Final = {"totp": ONE_TIME, "recovery_codes": ONE_TIME, "webauthn": KEY}
"""Our second factors in the words of RFC 8176. Whether a key is of hardware nobody can tell."""


@dataclass(frozen=True, slots=True)
class Proof:
    """How the person of a session has proved who they are.

    `auth_time` is when they last did so, in seconds since 1970 (OpenID Connect Core 1.0 §2), 0
    where they never did in this session; `amr` how, in the words of RFC 8176.
    """

    auth_time: int
    amr: tuple[str, ...]


def proof_of(request: HttpRequest) -> Proof:
    """How whoever is signed in has proved who they are, at sign-in or when asked again."""
    account = request.user
    if not isinstance(account, Account):
        return Proof(0, ())
    return _proof(get_authentication_records(request, account))


def _proof(records: list[Mapping[str, Any]]) -> Proof:
    # What neither a password nor a factor has proved (a link that was followed) counts for nothing.
    proved = {_method(record): int(record["at"]) for record in records}
    proved.pop("", None)
    methods = sorted(proved)
    # A passkey that has verified its owner is something they have and something they know or are.
    is_several = len(methods) > 1 or any(record.get("passwordless") for record in records)
    amr = (*methods, SEVERAL) if is_several else tuple(methods)
    return Proof(max(proved.values(), default=0), amr)


def _method(record: Mapping[str, Any]) -> str:
    if record["method"] == "password":
        return PASSWORD
    return SECOND_FACTORS.get(str(record.get("type")), "") if record["method"] == "mfa" else ""
