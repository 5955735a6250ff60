"""The same request made by several clients at once is carried out once."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from rollcall.audit.models import Event
from rollcall.directory.models import Application, User, UserGroup
from tests.waiting import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 6


def at_once(key: str, method: str, address: str, body: Any = None) -> Counter[int]:
    """The statuses that so many clients get."""
    together = Barrier(CLIENTS)

    def one() -> int:
        try:
            together.wait(timeout=PATIENCE)
            answer = Client().generic(
                method,
                address,
                json.dumps(body) if body is not None else "",
                content_type="application/json",
                headers={"x-api-key": key},
            )
            return int(answer.status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CLIENTS) as pool:
        return Counter(done.result() for done in [pool.submit(one) for _ in range(CLIENTS)])


def test_one_user_is_made(key: str) -> None:
    body = {"username": "mara.voss", "email": "mara.voss@example.org"}
    assert at_once(key, "POST", "/api/systemusers", body) == {200: 1, 409: CLIENTS - 1}
    assert Event.objects.filter(action="user.create").count() == 1


def test_one_group_is_made(key: str) -> None:
    found = at_once(key, "POST", "/api/v2/usergroups", {"name": "Buyers"})
    assert found == {201: 1, 409: CLIENTS - 1}


def test_one_deletion_is_carried_out(key: str, mara: User) -> None:
    found = at_once(key, "DELETE", f"/api/systemusers/{mara.id}")
    assert found == {200: 1, 404: CLIENTS - 1}
    assert Event.objects.filter(action="user.delete").count() == 1


def test_one_member_is_added_and_removed(key: str, mara: User) -> None:
    group = UserGroup.objects.create(name="Buyers")
    address = f"/api/v2/usergroups/{group.id}/members"
    body = {"op": "add", "type": "user", "id": mara.id}
    assert at_once(key, "POST", address, body) == {204: 1, 409: CLIENTS - 1}
    assert at_once(key, "POST", address, body | {"op": "remove"}) == {204: 1, 404: CLIENTS - 1}
    assert Event.objects.filter(action__startswith="group.member").count() == 2


def test_one_binding_is_made(key: str) -> None:
    group = UserGroup.objects.create(name="Buyers")
    application = Application.objects.create(name="bookmark", displayLabel="Intranet")
    body = {"op": "add", "type": "application", "id": application.id}
    found = at_once(key, "POST", f"/api/v2/usergroups/{group.id}/associations", body)
    assert found == {204: 1, 409: CLIENTS - 1}
    assert Event.objects.filter(action="application.bind").count() == 1
