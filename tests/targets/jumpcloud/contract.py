"""Requests and answers of JumpCloud held against the vendor's own description (Swagger 2.0)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator

FILES = {"/api/v2": "jumpcloud-v2.swagger.json", "/api": "jumpcloud-v1.swagger.json"}

NULL_ALLOWED = {"manager"}
"""Fields that take `null` although the contract calls them plain strings.

`manager`: clients in use clear it by null and report that an empty text is refused as not being
an id; the facts are followed, not the contract.
"""


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, as they went over the wire."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    status: int
    answer: Any


class Contract:
    """Both descriptions of one folder."""

    def __init__(self, folder: Path) -> None:
        self._specs = {base: _spec(folder / file) for base, file in FILES.items()}

    def problems(self, exchange: Exchange) -> list[str]:
        """Everything in this exchange that the vendor's description does not allow."""
        base = next(base for base in FILES if exchange.path.startswith(base))
        spec = self._specs[base]
        found = _operation(spec, exchange.path.removeprefix(base), exchange.method.lower())
        place = f"{exchange.method} {exchange.path}"
        if found is None:
            return [f"{place}: not described"]
        parameters = [_resolved(spec, one) for one in found.get("parameters", [])]
        problems = [
            *_query_problems(parameters, exchange.query),
            *_header_problems(parameters, exchange.headers),
            *_body_problems(spec, parameters, exchange.body),
            *_answer_problems(spec, found, exchange),
        ]
        return [f"{place}: {one}" for one in problems]


@cache
def _spec(file: Path) -> dict[str, Any]:
    spec: dict[str, Any] = _nullable(json.loads(file.read_text(encoding="utf-8")))
    return spec


def _nullable(node: Any, name: str = "") -> Any:
    """Swagger's `x-nullable`, and the exceptions of `NULL_ALLOWED`, in words of JSON Schema."""
    if isinstance(node, list):
        return [_nullable(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {key: _nullable(value, key) for key, value in node.items()}
    if (node.get("x-nullable") or name in NULL_ALLOWED) and isinstance(node.get("type"), str):
        made["type"] = [node["type"], "null"]
    return made


def _operation(spec: dict[str, Any], path: str, method: str) -> dict[str, Any] | None:
    exact = sorted(spec["paths"], key=lambda one: one.count("{"))
    for template in exact:
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", template)
        if re.fullmatch(pattern, path) and method in spec["paths"][template]:
            operation: dict[str, Any] = spec["paths"][template][method]
            return operation
    return None


def _resolved(spec: dict[str, Any], parameter: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in parameter:
        return parameter
    found: dict[str, Any] = spec["parameters"][parameter["$ref"].removeprefix("#/parameters/")]
    return found


def _query_problems(parameters: list[dict[str, Any]], query: Mapping[str, str]) -> Iterator[str]:
    known = {one["name"]: one for one in parameters if one["in"] == "query"}
    for name, value in query.items():
        if name not in known:
            yield f"query parameter {name} is not described"
            continue
        kind, words = known[name].get("type"), known[name].get("enum")
        if kind == "integer" and not value.isdecimal():
            yield f"query parameter {name} is not a whole number"
        if kind == "boolean" and value not in {"true", "false"}:
            yield f"query parameter {name} is not true or false"
        if words and value not in words:
            yield f"query parameter {name} is none of {words}"
    for name, one in known.items():
        if one.get("required") and name not in query:
            yield f"query parameter {name} is missing"


def _header_problems(parameters: list[dict[str, Any]], headers: Mapping[str, str]) -> Iterator[str]:
    if not headers.get("x-api-key"):
        yield "no x-api-key"
    for one in parameters:
        value = headers.get(one["name"]) if one["in"] == "header" else None
        if value and value not in one.get("enum", [value]):
            yield f"header {one['name']} is none of {one['enum']}"


def _body_problems(
    spec: dict[str, Any], parameters: list[dict[str, Any]], body: Any
) -> Iterator[str]:
    schema = next((one["schema"] for one in parameters if one["in"] == "body"), None)
    if schema is None:
        if body is not None:
            yield "a body where none is described"
        return
    yield from _schema_problems(spec, schema, body, "request")
    yield from _unknown_names(spec, schema, body)


def _answer_problems(
    spec: dict[str, Any], operation: dict[str, Any], exchange: Exchange
) -> Iterator[str]:
    if exchange.status >= 400:
        return
    described = operation["responses"].get(str(exchange.status))
    if described is None:
        yield f"status {exchange.status} is not described"
    elif "schema" in described:
        yield from _schema_problems(spec, described["schema"], exchange.answer, "answer")


def _schema_problems(
    spec: dict[str, Any], schema: dict[str, Any], value: Any, where: str
) -> Iterator[str]:
    whole = {**schema, "definitions": spec["definitions"]}
    for error in Draft4Validator(whole).iter_errors(value):
        yield f"{where}: {'.'.join(map(str, error.absolute_path))}: {error.message[:200]}"


def _unknown_names(spec: dict[str, Any], schema: dict[str, Any], value: Any) -> Iterator[str]:
    if schema.get("type") == "array":
        for one in value or []:
            yield from _unknown_names(spec, schema["items"], one)
        return
    known = _names(spec, schema)
    if known and isinstance(value, dict):
        yield from (f"request: {name} is not described" for name in value.keys() - known)


def _names(spec: dict[str, Any], schema: dict[str, Any]) -> set[str]:
    if "$ref" in schema:
        return _names(spec, spec["definitions"][schema["$ref"].removeprefix("#/definitions/")])
    parts = (_names(spec, one) for one in schema.get("allOf", []))
    return set(schema.get("properties", {})).union(*parts)
