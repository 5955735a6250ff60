"""A caller of the API, whose every exchange is held against the vendor's contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from rollcall.accounts import api_keys
from rollcall.directory.models import User
from tests.actors import TESTER
from tests.api.contract import Exchange, available, complaints


class Answer:
    """What the API answered."""

    def __init__(self, status: int, headers: dict[str, str], text: str) -> None:
        self.status = status
        self.headers = headers
        self.json: Any = json.loads(text) if text else None


class Caller:
    """Calls the API with a key, and remembers every exchange."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.exchanges: list[Exchange] = []
        self._client = Client(raise_request_exception=True)

    def __call__(self, method: str, address: str, body: Any = None, **headers: str) -> Answer:
        """Send one request; `creation_source="…"` is the header `creation-source`."""
        sent = {"x-api-key": self.key} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        data = json.dumps(body) if body is not None else ""
        response = self._client.generic(
            method, address, data, content_type="application/json", headers=sent
        )
        text = response.content.decode()
        answer = Answer(response.status_code, dict(response.items()), text)
        self.exchanges.append(
            Exchange(method, address, answer.status, body, answer.json, sent, answer.headers)
        )
        return answer

    def get(self, address: str, **headers: str) -> Any:
        """The JSON of a GET that is answered with 200."""
        answer = self("GET", address, **headers)
        assert answer.status == 200, answer.json
        return answer.json

    def post(self, address: str, body: Any = None, **headers: str) -> Any:
        """The JSON of a POST that succeeds."""
        answer = self("POST", address, body, **headers)
        assert answer.status < 300, answer.json
        return answer.json


@pytest.fixture
def key(db: None) -> str:
    """The secret of a key that may write."""
    return api_keys.create(TESTER, "tests")[1]


@pytest.fixture
def api(key: str) -> Iterator[Caller]:
    """A caller whose exchanges are checked against the vendor's contract when the test is over."""
    caller = Caller(key)
    yield caller
    if available():
        found = [text for one in caller.exchanges for text in complaints(one)]
        assert found == []


@pytest.fixture
def mara(db: None) -> User:
    """An invented user."""
    return User.objects.create(
        username="mara.voss",
        email="mara.voss@example.org",
        firstname="Mara",
        lastname="Voß",
        state="ACTIVATED",
        department="Purchasing",
        employeeIdentifier="1007",
    )
