"""An administrator at a known address, and what they write."""

from __future__ import annotations

from typing import Any

import pytest

from rollcall.access.policies import services
from rollcall.access.policies.decision.parsing import Document
from rollcall.access.policies.models import IpList
from rollcall.accounts import services as accounts
from rollcall.accounts.models import Account, Role
from tests.actors import ADMIN, TESTER
from tests.web.world import PASSWORD


def document(
    name: str = "P", effect: Any = "allow", conditions: Any = None, **more: Any
) -> Document:
    """A policy for everybody at the admin portal, unless `more` says otherwise."""
    fields = {
        "type": "admin_portal",
        "targets": {"users": {"inclusions": ["ALL"]}},
        "conditions": conditions or {},
        "effect": {"action": effect} if isinstance(effect, str) else effect,
        **more,
    }
    return Document(name, **fields)


@pytest.fixture
def administrator(db: None) -> Account:
    return accounts.create(TESTER, "ada@example.com", {Role.ADMINISTRATOR}, password=PASSWORD)


@pytest.fixture
def office(db: None) -> IpList:
    return services.create_ip_list(ADMIN, {"name": "Office", "ips": ["127.0.0.0/8"]})
