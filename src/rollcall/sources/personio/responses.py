"""Judging one answer of Personio: a JSON object to go on with, a fault that may pass, or an error.

The HTTP status decides first, then `success`, then the content. Message texts are never looked at.
"""

from __future__ import annotations

import math
from typing import Any

from rollcall.core import json_text
from rollcall.sources.personio.connection import Answer
from rollcall.sources.personio.errors import PersonioMisbehaved, PersonioUnreachable
from rollcall.sources.personio.retrying import (
    FEW_TRIES,
    RETRIED_STATUSES,
    Elsewhere,
    Fault,
    Throttled,
    retry_after,
)

WRONG_CREDENTIALS = (
    "Personio does not accept the Client ID and Client Secret; compare PERSONIO_CLIENT_ID and "
    "PERSONIO_CLIENT_SECRET with Personio: Settings, Integrations, API credentials"
)
NOT_PERSONIO = "check PERSONIO_URL, and any proxy on the way"


SOME_TRIES = 10
"""For failures that Personio reports as its answer, and that rarely pass."""


class TokenRefused(Fault):
    """HTTP 401 on a call that carried a token."""


class Unsuccessful(Fault):
    """HTTP 200 that says `success: false`."""


def number(value: object) -> int | None:
    """A count that arrives as a number or as its text; None for anything else."""
    # Bounded, since Python refuses to read a number of some thousand digits, and none is a count.
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return int(value) if value >= 0 else None


def usable(answer: Answer) -> dict[str, Any]:
    """The JSON of an answer that is no refusal.

    Raises:
        Fault: it may pass.
        PersonioMisbehaved, PersonioUnreachable: the answer is none of Personio's.
    """
    status = answer.status_code
    # Before the look at who answers: a gateway's own page with a 503 passes as often.
    if status in RETRIED_STATUSES:
        raise _passing(answer)
    if status != 200:
        must_be_personio(answer)
        raise PersonioMisbehaved(
            f"Personio answered with HTTP {status}, which was not to be expected; {NOT_PERSONIO}"
        )
    content = _json(answer)
    # Version 1 says so with HTTP 200; version 2 knows no such word.
    if content.get("success") is False:
        raise Unsuccessful(
            "it reported a failure of its own; try again later, and ask Personio if it stays",
            tries=SOME_TRIES,
            ends_as=PersonioMisbehaved,
        )
    return content


def _passing(answer: Answer) -> Fault:
    wait = retry_after(answer.headers.get("Retry-After"))
    if answer.status_code == 429:
        return Throttled(
            "it asked to slow down again and again (HTTP 429); lower PERSONIO_REQUESTS_PER_MINUTE, "
            "or wait until other programs have finished with this account",
            retry_after=wait,
        )
    return Fault(f"it answered with HTTP {answer.status_code}; try again later", retry_after=wait)


def _json(answer: Answer) -> dict[str, Any]:
    # The decoding error is left behind: it carries the whole text, people included.
    try:
        content = answer.json()
    except json_text.TooMuch:
        raise PersonioMisbehaved(
            f"An answer of Personio holds more, or is nested deeper, than any; {NOT_PERSONIO}"
        ) from None
    except ValueError:
        content = None
    if isinstance(content, dict):
        return content
    if _is_page(answer):
        raise Elsewhere(f"a web page came instead of JSON; {NOT_PERSONIO}", tries=FEW_TRIES)
    raise Fault(f"its answer was cut off or is not JSON; try again later, or {NOT_PERSONIO}")


def _is_page(answer: Answer) -> bool:
    kind = answer.headers.get("Content-Type", "").lower()
    return "html" in kind or answer.content.lstrip()[:1] == b"<"


def must_be_personio(answer: Answer) -> None:
    """Let pass what Personio itself may have said.

    Raises:
        PersonioUnreachable: a redirect or a web page, which is somebody else's.
    """
    status = answer.status_code
    if 300 <= status < 400:
        raise PersonioUnreachable(
            f"PERSONIO_URL leads elsewhere (HTTP {status}), and Rollcall follows no redirects; "
            "set PERSONIO_URL to Personio's own address"
        )
    if _is_page(answer):
        raise PersonioUnreachable(
            f"A web page answered in Personio's place (HTTP {status}); {NOT_PERSONIO}"
        )
