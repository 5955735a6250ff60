"""List pages cost the same number of queries for many as for few, and hardly more time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.portal_lists import pages, signed_in
from benchmarks.portal_world import fill
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.django_db
def test_every_list_page_takes_as_many_queries_for_many_as_for_few() -> None:
    client = signed_in()
    fill(50)
    few = {page.label: _queries(client, page.address) for page in pages()}
    fill(500)
    many = {page.label: _queries(client, page.address) for page in pages()}
    assert many == few
    assert {"users", "user groups", "a group's members", "imports", "events"} <= set(few)


def test_every_list_page_takes_about_as_long_for_many_as_for_few() -> None:
    words = ["--few", "200", "--many", "4000", "--rounds", "7", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.portal_lists", *words],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    figures = json.loads(done.stdout)
    slow = {one["page"]: one["ratio"] for one in figures if one["ratio"] > 1.5}
    assert {name: found for name, found in slow.items() if "search" not in name} == {}
    assert len(figures) >= 8


def _queries(client: Client, address: str) -> int:
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
        return len(queries)
