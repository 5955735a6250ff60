"""The small server of `tests.sources.personio.recorded`, answering in the shapes of Personio v2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from rollcall.provisioning.employee import Employee
from rollcall.sources.base import Summary
from rollcall.sources.personio.v2.client import PersonioV2
from tests.sources.personio.recorded import (
    ATTRIBUTES,
    CLIENT_ID,
    CLIENT_SECRET,
    Answer,
    Asked,
    Recorded,
    as_json,
    serving,
)

LISTS: dict[str, list[dict[str, Any]]] = {
    "workplaces": [{"id": "130551", "name": "Kiel"}],
    "org-units": [
        {"id": "4502", "type": "team", "name": "Quality 2", "parent_id": "280310"},
        {"id": "280310", "type": "department", "name": "Quality", "parent_id": None},
    ],
    "legal-entities": [{"id": "170", "name": "Nordlicht Werke GmbH", "country": "DE"}],
    "cost-centers": [
        {"id": "82101", "name": "4100 Production"},
        {"id": "1f33aa20-287f-4dda-a517-eba2a316f755", "name": "4900 Overhead"},
    ],
}


def person_v2(number: int, **values: object) -> dict[str, Any]:
    """A person; `values` replace those of an ordinary one."""
    return {
        "id": str(number),
        "email": f"person{number}@nordlicht-werke.example",
        "created_at": "2019-03-11T08:12:44Z",
        "updated_at": "2026-10-29T15:03:05Z",
        "first_name": "Jördis",
        "last_name": f"Brandt-{number}",
        "status": "ACTIVE",
        "custom_attributes": [],
        "employments": [{"id": f"9b1e6c0e-0000-4000-8000-{number:012}"}],
        "_meta": {"links": {}},
    } | values


def employment(**values: object) -> dict[str, Any]:
    """An employment; `values` replace those of an ordinary one."""
    return {
        "id": "9b1e6c0e-0000-4000-8000-000000000001",
        "status": "ACTIVE",
        "type": "INTERNAL",
        "position": {"title": "Data Engineer"},
        "employment_start_date": "2019-04-01",
        "employment_end_date": None,
        "updated_at": "2026-10-30T15:03:05Z",
        "supervisor": None,
        "office": {"id": "130551"},
        "legal_entity": {"id": "170"},
        "sub_company": {"id": "7120"},
        "org_units": [{"type": "team", "id": "4502"}, {"type": "department", "id": "280310"}],
        "cost_centers": [{"id": "82101", "weight": 60}],
        "termination": None,
        "_meta": {"links": {}},
    } | values


def problem(status: int, title: str = "Unauthorized Request") -> Answer:
    """An error as Personio v2 writes it."""
    errors = [{"title": title, "detail": title, "type": "https://x.example#common", "_meta": {}}]
    answer = as_json({"personio_trace_id": "f9ed", "errors": errors}, status)
    answer.kind = "application/problem+json"
    return answer


def oauth_problem(error: object, status: int = 400) -> Answer:
    """An error as the login writes it."""
    answer = as_json({"trace_id": "b7c1", "error": error, "error_description": "Jördis"}, status)
    answer.kind = "application/problem+json"
    return answer


@dataclass
class RecordedV2(Recorded):
    """A v2 account of these `people`; `jobs` are the employments of those who have special ones.

    `refused` are answers in place of a list of names. `links` turns the cursor of the next page,
    None after the last one, into the links of a page.
    """

    jobs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    refused: dict[str, Answer] = field(default_factory=dict)
    page_size: int = 50

    def links(self, following: str | None) -> dict[str, Any]:
        """The links of a page."""
        here = {"self": {"href": f"{self.url}/v2/persons"}}
        if following is None:
            return here
        return {**here, "next": {"href": f"{self.url}/v2/persons?cursor={following}"}}

    def answer(self, asked: Asked) -> Answer:
        """The answer to one request."""
        with self.lock:
            number = len(self.asked)
            self.asked.append(asked)
            if (other := self.meddle(number, asked)) is not None:
                return other
            if asked.path == "/v2/auth/token":
                return self._token(asked)
            if asked.headers.get("authorization") != f"Bearer {self.token}":
                return problem(401)
            return self._list(asked)

    def paths(self) -> list[str]:
        """The paths that were asked for, the login left out."""
        return [asked.path for asked in self.asked if asked.path != "/v2/auth/token"]

    def _token(self, asked: Asked) -> Answer:
        form = dict(parse_qsl(asked.body.decode()))
        right = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        if asked.query or form != {"grant_type": "client_credentials", **right}:
            return oauth_problem("unauthorized_client")
        self.logins += 1
        self.token = f"papi-invented-token-{self.logins}"
        return as_json({"access_token": self.token, "token_type": "Bearer", "expires_in": 86400})

    def _list(self, asked: Asked) -> Answer:
        _, _, *parts = asked.path.split("/")
        if parts == ["persons"]:
            return self._persons(int(dict(asked.query).get("cursor", "0")))
        if len(parts) == 3 and parts[2] == "employments":
            rows = self.jobs.get(parts[1], [employment()])
        elif parts[0] in self.refused:
            return self.refused[parts[0]]
        elif parts[0] in LISTS:
            rows = LISTS[parts[0]]
        else:
            return problem(404, "Not Found")
        return as_json({"_data": rows, "_meta": {"links": self.links(None)}})

    def _persons(self, offset: int) -> Answer:
        shown = self.people[offset : offset + self.page_size]
        end = offset + self.page_size
        following = str(end) if end < len(self.people) else None
        return as_json({"_data": shown, "_meta": {"links": self.links(following)}})


@contextmanager
def client(recorded: RecordedV2, **changes: object) -> Iterator[PersonioV2]:
    """A client of this account while its server runs."""
    with serving(recorded), closing(PersonioV2(recorded.account(**changes))) as personio:
        yield personio


def read(
    recorded: RecordedV2, attributes: tuple[str, ...] = ATTRIBUTES, **changes: object
) -> tuple[list[Employee], Summary]:
    """Everybody in the account, and what the read came to."""
    with client(recorded, **changes) as personio:
        reading = personio.employees(attributes)
        people = [employee for page in reading for employee in page.employees]
    return people, reading.summary
