"""The description of the API: `openapi.json`, and a page made from it without any script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rollcall.api.jumpcloud.responses import answer
from rollcall.api.service import service

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the page shows it."""

    tag: str
    method: str
    address: str
    summary: str
    description: str
    parameters: tuple[tuple[str, str, str, bool], ...]
    body: str
    answers: tuple[tuple[str, str], ...]


@cache
def description() -> dict[str, Any]:
    """The OpenAPI description."""
    # Made once: it depends on nothing but the code.
    return dict(service.get_openapi_schema(path_prefix=""))


def openapi_json(request: HttpRequest) -> HttpResponse:
    """`/api/openapi.json`."""
    return answer(description())


def page(request: HttpRequest) -> HttpResponse:
    """`/api/docs`: every call, by subject."""
    groups = [(tag, list(calls)) for tag, calls in groupby(_calls(), lambda call: call.tag)]
    schemas = sorted(description()["components"]["schemas"].items())
    context = {
        "info": description()["info"],
        "groups": groups,
        "schemas": [(name, tuple(_properties(schema))) for name, schema in schemas],
    }
    return render(request, "api/openapi.html", context)


@cache
def _calls() -> tuple[Call, ...]:
    calls = [
        _call(address, method, operation)
        for address, item in description()["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]
    # groupby joins neighbours only: calls of one subject are brought together, in the order in
    # which their subjects first appear.
    order = {tag: place for place, tag in enumerate(dict.fromkeys(call.tag for call in calls))}
    return tuple(sorted(calls, key=lambda call: order[call.tag]))


def _call(address: str, method: str, operation: Mapping[str, Any]) -> Call:
    parameters = tuple(
        (given["name"], given["in"], _type(given.get("schema", {})), given.get("required", False))
        for given in operation.get("parameters", ())
    )
    bodies = operation.get("requestBody", {}).get("content", {}).values()
    answers = tuple(
        (
            str(status),
            " ".join(_type(media["schema"]) for media in told.get("content", {}).values()),
        )
        for status, told in operation["responses"].items()
    )
    return Call(
        tag=operation.get("tags", ["Other"])[0],
        method=method.upper(),
        address=address,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        parameters=parameters,
        body=" ".join(_type(media.get("schema", {})) for media in bodies),
        answers=answers,
    )


def _properties(schema: Mapping[str, Any]) -> Iterator[tuple[str, str, bool]]:
    required = schema.get("required", ())
    for name, definition in schema.get("properties", {}).items():
        yield name, _type(definition), name in required


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(_type(variant) for variant in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    limit = f" (at most {schema['maxLength']} characters)" if "maxLength" in schema else ""
    return f"{schema.get('type', 'any')}{limit}"
