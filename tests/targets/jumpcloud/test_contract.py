"""The contract that all traffic is held against notices what the vendor does not allow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.targets.jumpcloud.contract import Contract, Exchange
from tests.vendor_contracts import contracts_folder

pytestmark = pytest.mark.contracts

CREATE = Exchange(
    method="POST",
    path="/api/v2/bulk/users",
    query={"suppressEmail": "true"},
    headers={"x-api-key": "k", "creation-source": "jumpcloud:custom_integration"},
    body=[{"username": "mara", "email": "mara@example.org", "state": "STAGED"}],
    status=200,
    answer={"jobId": "65f0c0ffee0000000000b001"},
)


def test_a_request_in_the_documented_form_has_no_problems() -> None:
    assert Contract(contracts_folder()).problems(CREATE) == []


@pytest.mark.parametrize(
    "wrong",
    [
        replace(CREATE, body=[{"user_name": "mara"}]),
        replace(CREATE, body=[{"state": "ACTIVE"}]),
        replace(CREATE, body={"username": "mara"}),
        replace(CREATE, headers={"creation-source": "rollcall", "x-api-key": "k"}),
        replace(CREATE, headers={}),
        replace(CREATE, query={"suppress": "true"}),
        replace(CREATE, status=201),
        replace(CREATE, answer={"jobId": 7}),
        replace(CREATE, path="/api/v2/bulk/people"),
        replace(CREATE, method="PATCH", body=[{"id": "a", "state": "STAGED"}]),
    ],
)
def test_anything_else_is_a_problem(wrong: Exchange) -> None:
    assert Contract(contracts_folder()).problems(wrong) != []


def test_a_manager_may_be_cleared_by_null_against_the_letter_of_the_contract() -> None:
    cleared = replace(CREATE, method="PATCH", body=[{"id": "a", "manager": None}], headers=KEY)
    assert Contract(contracts_folder()).problems(cleared) == []


KEY = {"x-api-key": "k"}
