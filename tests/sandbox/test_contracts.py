"""Every answer is valid against Personio's own API descriptions.

Where a description and what Personio is known to send disagree, `AMENDED` says which was
followed and why.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from rollcall.sandbox.company import Company
from rollcall.sandbox.switches import SupervisorDetail, Switches, TypeCase

from .world import EMPLOYEES, Caller, Json, account

pytestmark = pytest.mark.contracts

SCHEMAS = "components/schemas"
AMENDED_V1 = {
    f"{SCHEMAS}/Response/properties/data": (
        {},
        "it says object, and the list of employees refines it into an array: one of the two "
        "must give way, and every example of the list is an array",
    ),
    f"{SCHEMAS}/Supervisor/properties/value/nullable": (
        True,
        "whoever is at the top has null here, though the description does not say so",
    ),
    f"{SCHEMAS}/Team/properties/value/nullable": (
        True,
        "people without a team have null here, though the description does not say so",
    ),
}
EMPLOYMENT = f"{SCHEMAS}/Employment/properties"
ABSENT = ("contract_end_date", "employment_end_date", "supervisor", "job")
AMENDED_V2 = {
    **{
        f"{EMPLOYMENT}/{name}/nullable": (
            True,
            "live answers have null for what is absent, though the description does not say so",
        )
        for name in ABSENT
    },
    f"{SCHEMAS}/Person/properties/email/nullable": (
        True,
        "v1 has people without an address; null is the nearest to absent dates",
    ),
}
LOWER_TYPES = {
    f"{SCHEMAS}/Person/properties/custom_attributes/items/properties/type/enum": (
        ["string", "date", "string_list"],
        "the description has upper case, live answers have lower case",
    )
}


class Contract:
    """One API description, read as JSON Schema."""

    def __init__(self, path: Path, amended: dict[str, tuple[Any, str]]) -> None:
        document = json.loads(path.read_text(encoding="utf-8"))
        for pointer, (value, _) in amended.items():
            *way, last = pointer.split("/")
            at = document
            for step in way:
                at = at[step]
            at[last] = value
        self.document = _nullable(document)

    def check(self, schema: Any, body: Any) -> None:
        """Fail with every place where the body is not as described."""
        root = {**self.document, **copy.deepcopy(schema)}
        errors = [
            f"{error.json_path}: {error.message[:200]}"
            for error in Draft202012Validator(root).iter_errors(body)
        ]
        assert errors == []

    def answer(self, path: str, status: int, body: Any, kind: str = "application/json") -> None:
        """Check the body of a GET or POST of `path`."""
        operations = self.document["paths"][path]
        operation = operations.get("get") or operations["post"]
        self.check(operation["responses"][str(status)]["content"][kind]["schema"], body)

    def named(self, name: str, body: Any) -> None:
        """Check a body against a named schema."""
        self.check({"$ref": f"#/{SCHEMAS}/{name}"}, body)


def _nullable(node: Any) -> Any:
    """OpenAPI 3.0's `nullable` in the words of JSON Schema."""
    if isinstance(node, list):
        return [_nullable(one) for one in node]
    if not isinstance(node, dict):
        return node
    inner = {key: _nullable(value) for key, value in node.items()}
    if inner.pop("nullable", False) is True:
        return {"anyOf": [inner, {"type": "null"}]}
    return inner


@pytest.fixture
def v1(contracts: Path) -> Contract:
    return Contract(contracts / "personio-v1.openapi.json", AMENDED_V1)


@pytest.fixture
def v2(contracts: Path) -> Contract:
    return Contract(contracts / "personio-v2.openapi.json", {**AMENDED_V2, **LOWER_TYPES})


@pytest.fixture(params=list(SupervisorDetail))
def everyone(request: pytest.FixtureRequest) -> Iterator[Caller]:
    """A company with every peculiarity, signed in to, with both details of supervisors."""
    with account(Company(90, day=2), Switches(supervisor=request.param)) as caller:
        caller.sign_in()
        yield caller


def test_a_wrong_answer_would_be_noticed(v1: Contract, v2: Contract, caller: Caller) -> None:
    body = caller.page(limit=1)
    body["data"][0]["attributes"]["department"]["value"] = "Quality"
    with pytest.raises(AssertionError, match="department"):
        v1.answer("/company/employees", 200, body)
    person = {**caller.get("/v2/persons/4710001").json(), "status": "LEAVE"}
    with pytest.raises(AssertionError, match="status"):
        v2.answer("/v2/persons/{id}", 200, person)


def test_v1_token(v1: Contract, caller: Caller) -> None:
    v1.answer("/auth", 200, caller.http.post("/v1/auth", json=caller.pair).json())


def test_v1_employees(v1: Contract, everyone: Caller) -> None:
    body = everyone.page(limit=100)
    assert len(body["data"]) == 91
    v1.answer("/company/employees", 200, body)
    v1.answer("/company/employees", 200, everyone.page(limit=100, offset=500))
    v1.answer("/company/employees", 200, everyone.page(updated_since="2026-11-24"))


def test_v1_attribute_names_are_the_described_ones(v1: Contract, everyone: Caller) -> None:
    described = set(v1.document["components"]["schemas"]["Employee"]["properties"])
    shown = set(everyone.page(limit=1)["data"][0]["attributes"])
    assert {key for key in shown - described if not key.startswith("dynamic_")} == set()
    assert {key for key in described - shown if not key.startswith("dynamic_")} == set()


def test_v1_employee(v1: Contract, everyone: Caller) -> None:
    path = "/company/employees/{employee_id}"
    for employee_id in (4_710_000, 4_710_050, 4_710_090):
        v1.answer(path, 200, everyone.get(f"{EMPLOYEES}/{employee_id}").json())
    v1.answer(path, 404, everyone.get(f"{EMPLOYEES}/1").json())


def test_v1_readable_attributes_look_like_the_example(v1: Contract, everyone: Caller) -> None:
    answers = v1.document["paths"]["/company/employees/attributes"]["get"]["responses"]["200"]
    example = answers["content"]["application/json"]["examples"]["response"]["value"]
    body = everyone.get(f"{EMPLOYEES}/attributes").json()
    assert body.keys() == example.keys()
    assert {frozenset(row) for row in body["data"]} == {frozenset(row) for row in example["data"]}
    types = v1.document["components"]["schemas"]["TypeEnum"]["enum"]
    assert {row["type"] for row in body["data"]} <= set(types)


def test_v1_errors(v1: Contract, caller: Caller) -> None:
    v1.named("ErrorResponse", caller.http.post("/v1/auth").json())
    v1.named("ErrorResponse", caller.get(EMPLOYEES, limit=1000).json())
    caller.carry("papi-nothing")
    v1.named("ErrorResponse", caller.get(EMPLOYEES).json())


def test_v2_token_and_its_refusal(v2: Contract, caller: Caller) -> None:
    form = {"grant_type": "client_credentials", **caller.pair}
    v2.answer("/v2/auth/token", 200, caller.http.post("/v2/auth/token", data=form).json())
    problem = "application/problem+json"
    for wrong in ({}, {**form, "client_secret": "x"}, {**form, "scope": "x"}):
        refused = caller.http.post("/v2/auth/token", data=wrong)
        v2.answer("/v2/auth/token", 400, refused.json(), problem)


def test_v2_persons(v2: Contract, everyone: Caller) -> None:
    body = everyone.get("/v2/persons", limit=50).json()
    v2.answer("/v2/persons", 200, body)
    cursor = body["_meta"]["links"]["next"]["href"].partition("cursor=")[2]
    v2.answer("/v2/persons", 200, everyone.get("/v2/persons", cursor=cursor).json())
    v2.answer("/v2/persons/{id}", 200, everyone.get("/v2/persons/4710050").json())


def test_v2_persons_with_upper_case_types_need_one_amendment_less(contracts: Path) -> None:
    contract = Contract(contracts / "personio-v2.openapi.json", AMENDED_V2)
    with account(Company(90), Switches(type_case=TypeCase.UPPER)) as caller:
        caller.sign_in()
        contract.answer("/v2/persons", 200, caller.get("/v2/persons", limit=50).json())


def test_v2_employments(v2: Contract, everyone: Caller) -> None:
    path = "/v2/persons/{person_id}/employments"
    for employee_id in range(4_710_000, 4_710_091):
        body: Json = everyone.get(f"/v2/persons/{employee_id}/employments").json()
        v2.answer(path, 200, body)
        only = body["_data"][0]
        v2.answer(f"{path}/{{id}}", 200, only)


def test_v2_errors(v2: Contract, contracts: Path, caller: Caller) -> None:
    common = Contract(contracts / "personio-v2-common.openapi.json", {})
    problem = "application/problem+json"
    v2.answer("/v2/persons", 400, caller.get("/v2/persons", limit=99).json(), problem)
    v2.answer("/v2/persons/{id}", 404, caller.get("/v2/persons/1").json(), problem)
    for path in ("/v2/nothing", "/v2/persons/1/employments", "/v2/org-units/1"):
        common.named("ErrorResponse", caller.get(path).json())
