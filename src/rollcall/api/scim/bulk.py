"""Many SCIM requests in one (RFC 7644, 3.7): each carried out or refused by itself, in order.

An operation that names another one's `bulkId` waits for it, wherever it stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from rollcall.api import lookalikes
from rollcall.api.auth import key_of
from rollcall.api.jumpcloud.errors import EXPECTED, Problem, expected, refused
from rollcall.api.scim.resources import MOST_BYTES, MOST_OPERATIONS

RESPONSE: Final = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
REQUEST: Final = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
REFERENCE: Final = "bulkId:"
PLACE: Final = re.compile(r"/(Users|Groups)(?:/([^/?#]+))?/?")

View = Callable[..., HttpResponse]
Views = Mapping[tuple[str, str, bool], View]
"""The view of each method and kind of resource, by whether an id is in the path."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One request of a bulk request."""

    method: str
    path: str
    bulk_id: str
    version: str
    data: Any


def carry_out(
    request: HttpRequest, content: Any, prefix: str, views: Views
) -> tuple[dict[str, Any], list[str]]:
    """What became of each operation, up to the error at which the client wants to stop.

    Beside it the warnings that their answers had as headers, for which the whole has no place.

    Raises:
        Problem: 400 for what is no bulk request, 413 for one of too many operations or bytes.
    """
    operations, most_errors = _read(request, content)
    ids: dict[str, str] = {}
    results = []
    warnings: list[str] = []
    errors = 0
    for operation in _in_order(operations):
        response = _answered(request, _resolved(operation, ids), prefix, views)
        results.append(_result(operation, response))
        warnings += [response[lookalikes.HEADER]] if lookalikes.HEADER in response else []
        if response.status_code >= 400:
            errors += 1
            if most_errors and errors >= most_errors:
                break
        elif operation.bulk_id:
            ids[operation.bulk_id] = str(json.loads(response.content)["id"])
    return {"schemas": [RESPONSE], "Operations": results}, warnings


def _read(request: HttpRequest, content: Any) -> tuple[list[Operation], int]:
    if len(request.body) > MOST_BYTES:
        raise Problem(413, f"A bulk request has at most {MOST_BYTES} bytes")
    given = content.get("Operations") if isinstance(content, dict) else None
    if not isinstance(given, list) or REQUEST not in content.get("schemas", ()):
        raise Problem(400, "Bad Request: this is no bulk request")
    if len(given) > MOST_OPERATIONS:
        raise Problem(413, f"A bulk request has at most {MOST_OPERATIONS} operations")
    most_errors = content.get("failOnErrors", 0)
    if not isinstance(most_errors, int):
        raise Problem(400, "Bad Request: failOnErrors is not a number")
    return [_operation(each) for each in given], most_errors


def _operation(given: Any) -> Operation:
    if not isinstance(given, dict):
        raise Problem(400, "Bad Request: an operation is not an object")
    texts = [given.get(name) or "" for name in ("method", "path", "bulkId", "version")]
    if not all(isinstance(text, str) for text in texts):
        raise Problem(400, "Bad Request: method, path, bulkId and version are text")
    method, path, bulk_id, version = texts
    # A bulkId stands for what does not exist yet (RFC 7644, 3.7.2).
    if method.upper() != "POST":
        bulk_id = ""
    return Operation(method.upper(), path, bulk_id, version, given.get("data"))


def _in_order(operations: Sequence[Operation]) -> Iterator[Operation]:
    """The operations, each after those that it refers to; what refers in a circle comes last."""
    waiting = list(operations)
    while waiting:
        unmade = {operation.bulk_id for operation in waiting if operation.bulk_id}
        ready = [each for each in waiting if not (set(_references(each)) - {each.bulk_id}) & unmade]
        # In a circle nothing is ever ready: each is then refused for what it refers to.
        yield from ready or waiting
        # By identity, since two operations may be equal.
        done = {id(each) for each in ready}
        waiting = [each for each in waiting if id(each) not in done] if ready else []


def _references(operation: Operation) -> Iterator[str]:
    waiting: list[Any] = [operation.data, *operation.path.split("/")]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, str) and item.startswith(REFERENCE):
            yield item.removeprefix(REFERENCE)


def _resolved(operation: Operation, ids: Mapping[str, str]) -> Operation | None:
    """The operation with the ids that it refers to; None where one was not made."""
    # A reference to what was refused, or to itself: to send it on would store the word as an id.
    if set(_references(operation)) - ids.keys():
        return None

    def put(item: Any) -> Any:
        if isinstance(item, dict):
            return {key: put(value) for key, value in item.items()}
        if isinstance(item, list):
            return [put(value) for value in item]
        known = isinstance(item, str) and item.startswith(REFERENCE)
        return ids[item.removeprefix(REFERENCE)] if known else item

    path = "/".join(put(part) for part in operation.path.split("/"))
    return replace(operation, path=path, data=put(operation.data))


def _answered(
    request: HttpRequest, operation: Operation | None, prefix: str, views: Views
) -> HttpResponse:
    if operation is None:
        return refused(request, 409, "It refers to a bulkId that nothing was made for")
    place = PLACE.fullmatch(operation.path)
    if place is None or (operation.method, place[1], bool(place[2])) not in views:
        return refused(request, 404, "No operation of a bulk request has this method and path")
    view = views[operation.method, place[1], bool(place[2])]
    values = {"id": place[2]} if place[2] else {}
    inner = _single(request, operation, prefix)
    try:
        # A savepoint: what a refused operation wrote is taken back, and the others stay.
        with transaction.atomic():
            return view(inner, **values)
    except EXPECTED as error:
        return expected(request, error)


def _single(request: HttpRequest, operation: Operation, prefix: str) -> HttpRequest:
    """The request that the operation stands for, by the same key."""
    inner = HttpRequest()
    inner.method = operation.method
    inner.path = inner.path_info = f"{prefix}{operation.path}"
    inner.META = {**request.META}
    # The header of the whole speaks of no single resource; each operation has its own `version`.
    inner.META.pop("HTTP_IF_MATCH", None)
    if operation.version:
        inner.META["HTTP_IF_MATCH"] = operation.version
    # Django has no public way to give a request its body; the views read it as any other.
    inner._body = json.dumps(operation.data).encode()
    inner.auth = key_of(request)  # type: ignore[attr-defined]
    return inner


def _result(operation: Operation, response: HttpResponse) -> dict[str, Any]:
    content = json.loads(response.content) if response.content else {}
    result: dict[str, Any] = {"method": operation.method, "status": str(response.status_code)}
    if operation.bulk_id:
        result["bulkId"] = operation.bulk_id
    if response.status_code >= 400:
        return {**result, "response": content}
    if "ETag" in response:
        result["version"] = response["ETag"]
    if location := content.get("meta", {}).get("location"):
        result["location"] = location
    return result
