"""A generic SCIM conformance client finds nothing wrong with `/scim/v2`."""

from __future__ import annotations

import httpx
import pytest
from pytest_django.live_server_helper import LiveServer
from scim2_tester import Status, check_server

from rollcall.accounts import api_keys
from tests.actors import TESTER
from tests.api.scim_client import HttpScimClient


@pytest.mark.django_db(transaction=True)
def test_the_conformance_checks_pass(live_server: LiveServer) -> None:
    secret = api_keys.create(TESTER, "identity provider")[1]
    with httpx.Client(
        base_url=f"{live_server.url}/scim/v2/",
        headers={"Authorization": f"Bearer {secret}"},
        limits=httpx.Limits(max_keepalive_connections=0),  # kept ones wait 40 ms each time
    ) as http:
        results = check_server(HttpScimClient(http))
    wrong = [
        f"{one.title} {one.resource_type or ''}: {one.reason}"
        for one in results
        if one.status not in {Status.SUCCESS, Status.SKIPPED, Status.COMPLIANT}
    ]
    assert not wrong, "\n".join(wrong)
    assert sum(one.status in {Status.SUCCESS, Status.COMPLIANT} for one in results) > 90
