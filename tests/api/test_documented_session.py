"""The session in docs/api.md works as it is written there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from pytest_django.live_server_helper import LiveServer

from rollcall.accounts import api_keys
from tests.actors import TESTER
from tests.api.contract import Exchange, available, complaints

PAGE = Path(__file__).parents[2] / "docs" / "api.md"


@dataclass
class Call:
    """One call of the page: what is sent, what is kept and what is expected."""

    method: str
    address: str
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    kept: list[tuple[str, str]] = field(default_factory=list)
    expected: list[tuple[str, str]] = field(default_factory=list)


def calls() -> Iterator[Call]:
    for block in re.findall(r"```http\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        lines = block.strip().splitlines()
        call = Call(*lines[0].split(" ", 1))
        for line in lines[1:]:
            if line.startswith("# expect = "):
                call.expected.append(tuple(line.removeprefix("# expect = ").split(" is ", 1)))
            elif line.startswith("# "):
                name, path = line[2:].split(" = ", 1)
                call.kept.append((name, path))
            elif re.match(r"[a-z-]+: ", line):
                name, value = line.split(": ", 1)
                call.headers[name] = value
            else:
                call.body += line
        yield call


def at(content: Any, path: str) -> Any:
    for part in re.findall(r"\[(\d+)\]|([^.\[\]]+)", path):
        content = content[int(part[0])] if part[0] else content[part[1]]
    return content


def filled(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


@pytest.mark.django_db(transaction=True)
def test_every_call_of_the_page_does_what_it_says(live_server: LiveServer) -> None:
    headers = {"x-api-key": api_keys.create(TESTER, "docs")[1], "content-type": "application/json"}
    values: dict[str, str] = {}
    every = list(calls())
    with httpx.Client(base_url=live_server.url, headers=headers) as http:
        for call in every:
            address, body = filled(call.address, values), filled(call.body, values)
            answer = http.request(call.method, address, content=body, headers=call.headers)
            assert answer.status_code < 300, (call, answer.text)
            content = answer.json() if answer.content else None
            sent = json.loads(body) if body else None
            exchange = Exchange(
                call.method, address, answer.status_code, sent, content, call.headers
            )
            assert not available() or complaints(exchange) == []
            values.update((name, at(content, path)) for name, path in call.kept)
            for path, expected in call.expected:
                assert at(content, path) == json.loads(filled(expected, values)), call
    assert len(every) >= 15
