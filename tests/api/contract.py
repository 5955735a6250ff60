"""The vendor's API descriptions as checks: is this exchange one that JumpCloud describes?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from jsonschema import Draft4Validator

from tests.vendor_contracts import contracts_folder

Json = Any


@dataclass(frozen=True)
class Exchange:
    """One request and what was answered."""

    method: str
    address: str
    status: int
    sent: Json = None
    received: Json = None
    request_headers: Mapping[str, str] = field(default_factory=dict)
    response_headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Deviation:
    """A place where contract and facts disagree, which of them is followed, and why."""

    place: str
    followed: str
    why: str

    def covers(self, complaint: str) -> bool:
        """Whether this explains the complaint."""
        return re.search(self.place, complaint) is not None


DEVIATIONS = (
    Deviation(
        r"systemusers.* answer: .*'id' (was|were) unexpected",
        "facts",
        "section 3: users carry `_id` in v1 and sometimes `id`; scripts read either",
    ),
    Deviation(
        r"/applications.* answer: .*'id' (was|were) unexpected",
        "facts",
        "section 3: ids are `_id` in v1 and sometimes `id`",
    ),
    Deviation(
        r"/applications.* answer: .*'id', 'oidc' were unexpected",
        "facts",
        "section 4: what signs on by OpenID Connect has `oidc`; the contract has it at templates",
    ),
    Deviation(
        r"state/activate request: .*(True|False) is not of type 'string'",
        "facts",
        "section 2: `email` may be true or false; the contract's own text says so, its type not",
    ),
    Deviation(
        r"systemusers/\{id\} request: manager: None is not of type 'string'",
        "facts",
        "section 7: `manager` is emptied with null",
    ),
    Deviation(
        r"search/systemusers request: filter: \[.*\] is not of type 'object'",
        "contract's text",
        "the example of the contract itself sends a list as `filter`",
    ),
    Deviation(
        r"search/systemusers request: .*'sort' was unexpected",
        "facts",
        "section 3: the body of a search may carry `sort`",
    ),
    Deviation(
        r"search/systemusers request: .*searchFilter.*",
        "facts",
        "section 3: `searchTerm` is a text or a list",
    ),
    Deviation(
        r"DELETE .*systemusers/\{id\} request: cascade_manager is no parameter",
        "facts",
        "section 7: the next manager is named by `cascade_manager`",
    ),
    Deviation(
        r"bulk/users(/.*)? request: .*manager: None is not of type 'string'",
        "facts",
        "section 7: `manager` is emptied with null",
    ),
    Deviation(
        r"PATCH .*bulk/users request: \d+\.state: 'STAGED' is not one of",
        "contract",
        "sent on purpose: such a user's own result says that nobody returns to STAGED",
    ),
    Deviation(
        r"usergroups/\{group_id\}/users is not in the contract",
        "facts",
        "the vendor has this traversal; the contract was cut down to what the product needs",
    ),
    Deviation(
        r"users/\{user_id\}/usergroups is not in the contract",
        "our own",
        "the same as memberof, under the name of the other traversals",
    ),
    Deviation(
        r"/authn/(foresight|what-if|break-glass)[^ ]* is not in the contract",
        "facts",
        "foresight, what-if and break-glass accounts of conditional access: JumpCloud has none",
    ),
    Deviation(
        r"/authn/policy/fallback/\w+ is not in the contract",
        "facts",
        "platform, section 5: the default of a resource is documented by its path only",
    ),
    Deviation(
        r"/import/jobs|/applications/import/",
        "facts",
        "section 4: starting an import and its results are documented by their paths only",
    ),
)
"""Every place where an exchange of the tests may differ from the contract."""


class Contract:
    """One of the vendor's Swagger files."""

    def __init__(self, file: Path) -> None:
        self.swagger: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        self.base = self.swagger["basePath"].rstrip("/")
        self.definitions = {name: strict(one) for name, one in self.swagger["definitions"].items()}
        for name in set(_joined(self.swagger["definitions"])):
            self.definitions[name].pop("additionalProperties", None)

    def describes(self, exchange: Exchange) -> bool:
        """Whether there is such a call in it."""
        template = self._template(urlsplit(exchange.address).path.removeprefix(self.base))
        paths = self.swagger["paths"]
        return template is not None and exchange.method.lower() in paths[template]

    def complaints(self, exchange: Exchange) -> Iterator[str]:
        """What the contract has against this exchange."""
        parts = urlsplit(exchange.address)
        template = self._template(parts.path.removeprefix(self.base))
        if template is None or exchange.method.lower() not in self.swagger["paths"][template]:
            yield f"{exchange.method} {generic(parts.path)} is not in the contract"
            return
        operation = self.swagger["paths"][template][exchange.method.lower()]
        place = f"{exchange.method} {self.base}{template}"
        for text in self._request(exchange, template, operation, parts.query):
            yield f"{place} request: {text}"
        for text in self._answer(exchange, operation):
            yield f"{place} answer: {text}"

    def _template(self, path: str) -> str | None:
        fitting = [one for one in self.swagger["paths"] if _pattern(one).fullmatch(path)]
        return min(fitting, key=lambda one: one.count("{"), default=None)

    def _request(
        self, exchange: Exchange, template: str, operation: Mapping[str, Any], query: str
    ) -> Iterator[str]:
        shared = self.swagger["paths"][template].get("parameters", [])
        parameters = [self._resolved(one) for one in [*operation.get("parameters", []), *shared]]
        by_place = {(one["in"], one["name"]): one for one in parameters}
        given = parse_qsl(query, keep_blank_values=True)
        for name, value in given:
            if ("query", name) not in by_place:
                yield f"{name} is no parameter"
            else:
                yield from _value(by_place["query", name], value)
        for (where, name), one in by_place.items():
            if where == "query" and one.get("required") and name not in dict(given):
                yield f"{name} is missing"
            if where == "header" and name in exchange.request_headers:
                yield from _value(one, exchange.request_headers[name])
            if where == "body" and exchange.sent is not None:
                yield from self._check(one["schema"], exchange.sent)

    def _answer(self, exchange: Exchange, operation: Mapping[str, Any]) -> Iterator[str]:
        described = operation["responses"].get(str(exchange.status))
        if described is None:
            yield f"status {exchange.status} is not described"
        elif "schema" in described:
            yield from self._check(described["schema"], exchange.received)

    def _check(self, schema: Json, value: Json) -> Iterator[str]:
        whole = {"definitions": self.definitions, **strict(schema)}
        for error in Draft4Validator(whole).iter_errors(value):
            path = ".".join(str(part) for part in error.absolute_path)
            yield f"{path}: {error.message}" if path else error.message

    def _resolved(self, parameter: Mapping[str, Any]) -> Mapping[str, Any]:
        if "$ref" not in parameter:
            return parameter
        found: Mapping[str, Any] = self.swagger["parameters"][
            parameter["$ref"].removeprefix("#/parameters/")
        ]
        return found


@cache
def contract(version: str) -> Contract:
    """The contract of `v1` or `v2`, of its platform half (`v2-platform`), or `insights`."""
    return Contract(contracts_folder() / f"jumpcloud-{version}.swagger.json")


def available() -> bool:
    """Whether the contracts are here, so that what is exchanged can be held against them."""
    try:
        return bool(contracts_folder())
    except pytest.skip.Exception:
        return False


def complaints(exchange: Exchange) -> list[str]:
    """What the vendor's contract has against a successful exchange, known deviations left out.

    A request that was refused was meant to be wrong: only its answer's form is looked at.
    """
    if exchange.status >= 400:
        ok = isinstance(exchange.received, dict) and {"message", "error"} & set(exchange.received)
        return [] if ok else [f"{exchange.status} without a message"]
    if exchange.address.startswith("/insights/"):
        files: tuple[Contract, ...] = (contract("insights"),)
    else:
        version = "v2" if exchange.address.startswith("/api/v2/") else "v1"
        # Each version is described in two files: directory and imports, and the platform.
        files = (contract(version), contract(f"{version}-platform"))
    described = next((file for file in files if file.describes(exchange)), files[0])
    found = described.complaints(exchange)
    return [one for one in found if not any(known.covers(one) for known in DEVIATIONS)]


def strict(schema: Json) -> Json:
    """The schema with null only where it says so, and no property that it does not name."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: strict(value) for key, value in schema.items() if key not in {"example"}}
    if isinstance(made.get("properties"), dict) and "allOf" not in made:
        made.setdefault("additionalProperties", False)
    for part in made.get("allOf", ()):
        part.pop("additionalProperties", None)
    if made.pop("x-nullable", False) is True and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
    return made


def _joined(schema: Json) -> Iterator[str]:
    """The definitions that others take in by `allOf`, and so cannot refuse further properties."""
    if isinstance(schema, list):
        schema = dict(enumerate(schema))
    if not isinstance(schema, dict):
        return
    for part in schema.get("allOf", ()):
        if "$ref" in part:
            yield part["$ref"].removeprefix("#/definitions/")
    for value in schema.values():
        yield from _joined(value)


def generic(path: str) -> str:
    """The path with ids replaced, so that a deviation can name it."""
    path = re.sub(r"users/[0-9a-f]{24}", "users/{user_id}", path)
    path = re.sub(r"usergroups/[0-9a-f]{24}", "usergroups/{group_id}", path)
    return re.sub(r"[0-9a-f]{24}", "{id}", path)


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{[^}]+\}", "[^/]+", template))


def _value(parameter: Mapping[str, Any], value: str) -> Iterator[str]:
    if parameter.get("type") == "integer" and not re.fullmatch(r"-?\d+", value):
        yield f"{parameter['name']} is not an integer"
    if "enum" in parameter and value not in parameter["enum"]:
        yield f"{parameter['name']} is none of {parameter['enum']}"
