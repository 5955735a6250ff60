"""A stand-in account under test, and a caller who knows its credentials."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from rollcall.sandbox.company import Company
from rollcall.sandbox.credentials import Credentials
from rollcall.sandbox.faults import Faults
from rollcall.sandbox.limits import Clock
from rollcall.sandbox.server import create_app, running
from rollcall.sandbox.switches import Switches

EMPLOYEES = "/v1/company/employees"
Json = dict[str, Any]


@dataclass
class Caller:
    """Somebody with the account's credentials, over real HTTP."""

    http: httpx.Client
    credentials: Credentials
    company: Company

    @property
    def pair(self) -> dict[str, str]:
        return {
            "client_id": self.credentials.client_id,
            "client_secret": self.credentials.client_secret,
        }

    def sign_in(self) -> str:
        token: str = self.http.post("/v1/auth", json=self.pair).json()["data"]["token"]
        return self.carry(token)

    def sign_in_v2(self, **form: str) -> str:
        form = {"grant_type": "client_credentials", **self.pair, **form}
        token: str = self.http.post("/v2/auth/token", data=form).json()["access_token"]
        return self.carry(token)

    def carry(self, token: str) -> str:
        self.http.headers["Authorization"] = f"Bearer {token}"
        return token

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.http.get(path, params=params)

    def page(self, **params: Any) -> Json:
        body: Json = self.get(EMPLOYEES, **params).raise_for_status().json()
        return body

    def ids(self, **params: Any) -> list[int]:
        return [row["attributes"]["id"]["value"] for row in self.page(**params)["data"]]


@contextmanager
def account(
    company: Company | None = None,
    switches: Switches | None = None,
    faults: Faults | None = None,
    clock: Clock | None = None,
) -> Iterator[Caller]:
    """A caller, signed in to nothing yet, of an account that runs while the block does."""
    company = company or Company()
    app = create_app(company, switches, faults, clock=clock)
    with running(app) as url, httpx.Client(base_url=url, timeout=10) as http:
        yield Caller(http, Credentials.of_seed(company.seed), company)


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now
