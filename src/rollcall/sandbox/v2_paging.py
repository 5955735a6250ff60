"""Pages of Personio v2: a cursor that carries the filters, and the link that carries the cursor."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from .account import account_of, base_url
from .errors import V2Refusal, bad_parameters
from .switches import NextLink
from .v1_payloads import Json

_MARK = "cur_"


@dataclass(frozen=True)
class Cursor:
    """Where the page starts, how long it is, and the filters of the first request."""

    offset: int
    limit: int
    filters: dict[str, str]

    def written(self) -> str:
        """The cursor as an opaque word."""
        text = json.dumps([self.offset, self.limit, self.filters], separators=(",", ":"))
        return _MARK + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, word: str) -> Cursor:
        """The cursor of a word; raises a 400 for anything else."""
        try:
            padded = word.removeprefix(_MARK) + "=" * (-len(word.removeprefix(_MARK)) % 4)
            offset, limit, filters = json.loads(base64.urlsafe_b64decode(padded))
            words = {str(name): str(word) for name, word in dict(filters).items()}
            return cls(max(0, int(offset)), int(limit), words)
        except (ValueError, TypeError, OverflowError):
            raise bad_parameters() from None


def read_page(
    request: Request, filters: tuple[str, ...], usual: int, most: int
) -> tuple[Cursor, int]:
    """The cursor of a request and the length of its page; raises a 400."""
    query = request.query_params
    for name in query:
        if "." in name and name not in filters and name.partition(".")[0] in filters:
            detail = "Provided filter encoding is invalid."
            raise V2Refusal(400, "Bad request", detail, "common.bad_request")
    limit = _limit(query.get("limit"), usual, most)
    # A cursor carries the filters; those beside it change nothing.
    if "cursor" in query:
        cursor = Cursor.read(query["cursor"])
        return cursor, limit if "limit" in query else min(most, max(1, cursor.limit))
    return Cursor(0, limit, {name: query[name] for name in filters if name in query}), limit


def _limit(text: str | None, usual: int, most: int) -> int:
    # Refused and not cut, unlike in v1, where that is not settled.
    limit = usual if text is None else int(text) if re.fullmatch("[0-9]{1,9}", text) else 0
    if not 1 <= limit <= most:
        detail = "Provided value for limit is not valid"
        raise V2Refusal(400, "Bad request", detail, "common.bad_request")
    return limit


def envelope(request: Request, rows: list[Json], cursor: Cursor, limit: int, total: int) -> Json:
    """A page with its links; the last one has no `next`."""
    style = account_of(request).switches.next_link
    path = request.url.path
    here = path if style is NextLink.RELATIVE else f"{base_url(request)}{path}"
    words = {"cursor": request.query_params["cursor"]} if "cursor" in request.query_params else {}
    links: Json = {"self": {"href": _with(here, words)}}
    following = Cursor(cursor.offset + limit, limit, cursor.filters)
    if style is NextLink.LOOPING:
        following = Cursor(cursor.offset, limit, cursor.filters)
    if cursor.offset + limit < total:
        more = cursor.filters if style is NextLink.FILTERS else {}
        links["next"] = {"href": _with(here, {**more, "cursor": following.written()})}
    return {"_data": rows, "_meta": {"links": links}}


def _with(path: str, words: dict[str, str]) -> str:
    return f"{path}?{urlencode(words)}" if words else path
