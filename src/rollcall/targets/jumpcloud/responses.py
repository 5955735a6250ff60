"""What an answer of JumpCloud means: usable, worth another try, or a refusal.

TargetError
├── TargetRefused
│   ├── KeyRefused          401: the key (or the organization it is used for)
│   ├── RightMissing        403: a read-only key, a missing right, a blocked address
│   ├── WrongOrganization   the key is fine, but not for that organization
│   └── Rejected            any other 4xx: this request, permanently
└── TargetUnreachable
    ├── NotTheCloud         something else than JumpCloud's API answered
    └── Unanswered          sent, and nobody knows whether it was carried out
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time
from typing import Final, TypeAlias

import httpx

from rollcall.core import json_text
from rollcall.core.outgoing import client as outgoing
from rollcall.targets.errors import TargetRefused, TargetUnreachable

Record: TypeAlias = "Mapping[str, object]"

PASSING: Final = frozenset({429, 500, 502, 503, 504})
"""The statuses that may pass (JumpCloud's own client retries these)."""

ABOUT_ONE_RECORD: Final = frozenset({400, 409, 422})
"""The statuses that speak of a record in the request, not of the request."""


MOST_RECORDS: Final = 2_000_000
"""More than any organization has of anything: a list that goes on is not JumpCloud's."""

LONGEST_WAIT: Final = 120.0
"""Seconds to wait at the most, even if Retry-After asks for more."""

TOO_LONG: Final = (
    "An answer of JumpCloud is longer, or holds more, than any: check JUMPCLOUD_URL, or the "
    "address under Settings → Directory."
)


class KeyRefused(TargetRefused):
    """JumpCloud does not accept the key (401)."""


class RightMissing(TargetRefused):
    """JumpCloud knows the key and does not allow this (403)."""


class WrongOrganization(TargetRefused):
    """The key has no such organization, or several to choose from."""


class Rejected(TargetRefused):
    """JumpCloud will never accept this request.

    `text` is the vendor's message: it may name a person, so it belongs in an outcome only, and
    is part of the exception's own text only where the status does not speak of a record.
    """

    def __init__(self, status: int, text: str) -> None:
        shown = "" if status in ABOUT_ONE_RECORD else f": {_E_MAIL.sub('…', text)}"
        super().__init__(f"JumpCloud refused a request (HTTP {status}){shown}")
        self.status = status
        self.text = text


class NotTheCloud(TargetUnreachable):
    """The address answers, but not as JumpCloud's API does."""


class Unanswered(TargetUnreachable):
    """A request that must not be sent twice was sent and got no usable answer."""


class Passing(Exception):
    """No usable answer this time: not an error yet, it is tried again.

    `status` is None where there was no answer at all. `sent` is False where JumpCloud certainly
    did nothing with the request.
    """

    def __init__(self, status: int | None, *, sent: bool, after: float | None = None) -> None:
        super().__init__(f"HTTP {status}" if status else "no answer")
        self.status = status
        self.sent = sent
        self.after = after


@dataclass(frozen=True, slots=True)
class Answer:
    """A usable answer: its JSON (None for an empty body) and the total of a v2 list."""

    json: object
    total: int | None


def read(response: outgoing.Answer, method: str) -> Answer:
    """The answer in a response to a request with this method.

    Raises:
        Passing: another try may do.
        KeyRefused, RightMissing, Rejected, NotTheCloud: it will not.
    """
    status = response.status_code
    if status in PASSING:
        # Who is told to wait was not served; after any other of these nobody knows.
        raise Passing(status, sent=status != 429, after=_retry_after(response.headers))
    if status == 401:
        raise KeyRefused(
            "JumpCloud did not accept the API key: check JUMPCLOUD_API_KEY, or the key under "
            "Settings → Directory."
        )
    if status == 403:
        raise RightMissing(_forbidden(method))
    # Redirects are not followed: the key would go wherever they lead.
    if response.is_redirect or (status != 204 and _is_page(response)):
        raise NotTheCloud(
            "The address answers, but not as JumpCloud's API: check JUMPCLOUD_URL, or the address "
            "under Settings → Directory."
        )
    if status >= 400:
        raise Rejected(status, message_of(response))
    return Answer(_json(response), _count(response.headers.get("x-total-count")))


def message_of(response: outgoing.Answer) -> str:
    """The vendor's own words in an error answer, at most 300 characters."""
    try:
        body = response.json()
    except ValueError:
        return ""
    # Mostly `message`, sometimes `error`: which one when, JumpCloud does not say.
    words = (body.get("message") or body.get("error")) if isinstance(body, dict) else None
    return str(words)[:300] if words else ""


def results_of(answer: Answer) -> list[Record]:
    """The records of a list answer: v1 wraps them in `results`, v2 gives the bare list."""
    body = answer.json.get("results") if isinstance(answer.json, dict) else answer.json
    if not isinstance(body, list):
        raise NotTheCloud("JumpCloud answered a list in a form that Rollcall does not know.")
    return [record for record in body if isinstance(record, dict)]


def total_of(answer: Answer) -> int:
    """The total of a list answer: v1 in the body, v2 in a header, else what is in the answer.

    Raises:
        NotTheCloud: it is more than any organization has.
    """
    told = _count(answer.json.get("totalCount")) if isinstance(answer.json, dict) else None
    total = answer.total if told is None else told
    if total is not None and total > MOST_RECORDS:
        raise NotTheCloud(f"JumpCloud announces more than {MOST_RECORDS:,} records of a list.")
    return len(results_of(answer)) if total is None else total


def record_of(answer: Answer) -> Record:
    """The one record of an answer; empty where the body is something else."""
    return answer.json if isinstance(answer.json, dict) else {}


def attributes_of(record: Record) -> dict[str, str]:
    """The custom attributes of a record, by name."""
    listed = record.get("attributes")
    pairs = [pair for pair in listed if isinstance(pair, dict)] if isinstance(listed, list) else []
    return {str(pair["name"]): str(pair.get("value") or "") for pair in pairs if pair.get("name")}


def text_of(record: Record, *keys: str) -> str:
    """The first of these keys that holds a text; `""` where none does."""
    values = (record.get(key) for key in keys)
    return next((value for value in values if isinstance(value, str) and value), "")


def _count(told: object) -> int | None:
    """A count as a number or its text; None for anything else."""
    if isinstance(told, str):
        # Longer than any count: Python refuses to read a number of some thousand digits.
        return int(told) if told.isascii() and told.isdigit() and len(told) < 16 else None
    return told if isinstance(told, int) and not isinstance(told, bool) and told >= 0 else None


def _json(response: outgoing.Answer) -> object:
    if not response.content:
        return None
    try:
        return response.json()
    except json_text.TooMuch:
        raise NotTheCloud(TOO_LONG) from None
    # Cut off on its way: what was asked for may have been done.
    except ValueError:
        raise Passing(response.status_code, sent=True) from None


def _is_page(response: outgoing.Answer) -> bool:
    return "html" in response.headers.get("content-type", "").lower()


def _forbidden(method: str) -> str:
    if method == "GET":
        return (
            "JumpCloud does not allow this API key to read what an import needs: give its "
            "administrator a role that may, or check whether this machine's address is blocked."
        )
    return (
        "JumpCloud does not allow this API key to make changes: it is read-only, or its "
        "administrator's role lacks the right, or this machine's address is blocked."
    )


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds that the answer asks to wait, `LONGEST_WAIT` at the most."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.replace(".", "", 1).isdigit():
        return min(LONGEST_WAIT, float(value))
    try:
        seconds = parsedate_to_datetime(value).timestamp() - time()
    except (TypeError, ValueError, OverflowError):
        return None
    return min(LONGEST_WAIT, max(0.0, seconds))


_E_MAIL: Final = re.compile(r"\S+@\S+")
