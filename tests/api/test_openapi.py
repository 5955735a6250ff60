"""The description of the API, for machines and for people, and random calls made from it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any, TypeAlias
from uuid import uuid4

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import models
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import booleans
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from rollcall.accounts import api_keys
from rollcall.api.models import BulkJob
from rollcall.api.openapi import description
from rollcall.directory import services
from rollcall.directory.models import Application, Organization, User, UserGroup
from tests.actors import TESTER


def test_every_call_is_described_with_its_answers(db: None) -> None:
    served = description()
    for address in (
        "/api/systemusers",
        "/api/v2/bulk/users",
        "/api/v2/applications/{application_id}/import/jobs",
        "/scim/v2/Users",
    ):
        for operation in served["paths"][address].values():
            assert operation["summary"]
            assert operation["responses"]
    assert set(served["components"]["securitySchemes"]) == {"KeyHeader", "Bearer"}


def test_the_page_shows_every_call_and_needs_no_script_and_no_other_host(db: None) -> None:
    answer = Client().get("/api/docs")
    text = answer.content.decode()
    assert answer.status_code == 200
    for address in description()["paths"]:
        assert f"<code>{address}</code>" in text
    assert "<script" not in text
    assert "style=" not in text
    loaded = re.findall(r"<(?:link|img)[^>]+(?:href|src)=\"([^\"]+)\"", text)
    assert loaded
    assert all(one.startswith("/static/") for one in loaded)


def test_the_description_is_served_without_a_key(db: None) -> None:
    answer = Client().get("/api/openapi.json")
    assert answer.json()["info"]["title"] == "Rollcall directory"


Case: TypeAlias = schemathesis.Case[Any]
Operation: TypeAlias = schemathesis.APIOperation[Any, Any, Any, Any]
SECONDS = 120.0 if os.environ.get("CI") == "true" else 10.0
IDS: dict[str, Callable[[], models.QuerySet[Any]]] = {
    "systemusers": User.objects.all,
    "users": User.objects.all,
    "Users": User.objects.all,
    "usergroups": UserGroup.objects.all,
    "Groups": UserGroup.objects.all,
    "applications": Application.objects.all,
    "organizations": Organization.objects.all,
}
"""What the first id of an address is of, by the word before it."""


def aimed(case: Case) -> Case:
    """The case, with the id of something that exists, so that more than a 404 is reached."""
    word, name = re.findall(r"([A-Za-z]+)/\{([a-z_]+)\}", case.path)[0]
    if word in IDS:
        rows = BulkJob.objects.all() if name == "job_id" else IDS[word]()
        found = rows.values_list("pk", flat=True).first()
        case.path_parameters = {**(case.path_parameters or {}), name: found or "none"}
    return case


def populate() -> None:
    """A user in a group that is bound to an application, and a job."""
    user = User.objects.create(username="mara.voss", email="mara.voss@example.org")
    group = UserGroup.objects.create(name=f"Buyers {uuid4()}")
    application = Application.objects.create(name="bookmark", displayLabel="Intranet")
    services.set_members(TESTER, group, add=[user.id])
    services.bind(TESTER, application, [group])
    BulkJob.objects.create(kind="create")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_random_calls_never_end_in_an_error_of_the_server(mode: GenerationMode) -> None:
    headers = {"x-api-key": api_keys.create(TESTER, "random calls")[1]}
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())
    found = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    operations: list[Operation] = [one for one in found if one is not None]
    deadline = monotonic() + SECONDS / len(GenerationMode)
    calls = seed_ = 0

    def attack(operation: Operation, examples: int) -> None:
        @seed(seed_)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode), exists=booleans())
        def one(case: Case, exists: bool) -> None:
            nonlocal calls
            if exists and "{" in case.path:
                case = aimed(case)
            response = case.call(headers=headers)
            calls += 1
            assert response.status_code < 500, (case.as_curl_command(), response.text)

        with suppress(Unsatisfiable):
            one()

    while monotonic() < deadline:
        if not User.objects.exists():
            populate()
        for operation in operations:
            if monotonic() < deadline:
                attack(operation, 3 if SECONDS < 60 else 10)
        seed_ += 1
    assert calls > 20
