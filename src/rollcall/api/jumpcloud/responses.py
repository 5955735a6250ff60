"""JSON as it goes over the wire, in and out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, NoReturn, cast

from django.http import HttpRequest, HttpResponse
from ninja.errors import HttpError
from ninja.parser import Parser

from rollcall.core import json_text

JSON = "application/json"
DEEPEST: Final = 100
"""How far values may be nested in one another."""


def answer(content: object, status: int = 200, content_type: str = JSON) -> HttpResponse:
    """A response with this content as compact JSON."""
    # As escapes, names in other scripts would take two or three times the bytes.
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    return HttpResponse(text, status=status, content_type=content_type)


def page(content: list[dict[str, Any]], total: int) -> HttpResponse:
    """A page of a v2 list: a bare array, the total in `x-total-count`."""
    response = answer(content)
    response["x-total-count"] = str(total)
    return response


def no_content() -> HttpResponse:
    """A 204 without a body."""
    return HttpResponse(status=204)


def read(request: HttpRequest) -> Any:
    """The request's JSON body.

    Raises:
        RequestDataTooBig: the body is larger than the settings allow.
        HttpError: 400 where it is not JSON, nests too far or holds text that no database can store
            (half a surrogate pair, the character U+0000); 413 where it holds too many values.
    """
    body = request.body
    try:
        # No database and no client takes NaN and Infinity.
        content = json_text.loads(body, deepest=DEEPEST + 1, parse_constant=_refuse)
        # Only an escape can bring in what UTF-8 itself has no bytes for; most bodies have none.
        if b"\\u" in body:
            _check(content)
    except json_text.TooManyValues:
        raise HttpError(413, "Payload Too Large: the body holds too many values") from None
    except ValueError:
        raise HttpError(400, "Bad Request: the body is not valid JSON") from None
    return content


class BodyParser(Parser):
    """Reads bodies with `read`."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The request's JSON body."""
        return cast("dict[str, Any]", read(request))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _check(content: object) -> None:
    for text in _texts(content):
        text.encode()
        if "\0" in text:
            raise ValueError(text)


def _texts(content: object) -> Iterator[str]:
    # A list of what is still to look at instead of recursion, whose own limit is lower.
    waiting = [content]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            waiting.extend(item)
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
