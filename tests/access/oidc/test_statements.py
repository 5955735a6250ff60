"""What a request costs the database: few statements, and as many for many people as for few."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rollcall.accounts.models import Account
from rollcall.directory.models import Membership, User, UserGroup
from tests.access.oidc.relying_party import RelyingParty, person, read

pytestmark = pytest.mark.django_db


def counted(call: Any) -> tuple[int, Any]:
    """How many statements a call took, those that only frame transactions left out."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = call()
    framing = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return sum(not query["sql"].startswith(framing) for query in queries), answer


def cost(party: RelyingParty) -> dict[str, int]:
    code = party.code(scope="openid profile offline_access")
    exchange, tokens = counted(lambda: read(party.exchange(code)))
    refresh, renewed = counted(lambda: read(party.refresh(tokens["refresh_token"])))
    user_info, _ = counted(lambda: party.user_info(renewed["access_token"]))
    introspection, _ = counted(lambda: party.call("introspect", token=renewed["access_token"]))
    return {
        "exchange": exchange,
        "refresh": refresh,
        "user info": user_info,
        "introspection": introspection,
    }


def test_the_endpoints_take_few_statements(signed_in: RelyingParty) -> None:
    assert cost(signed_in) == {"exchange": 6, "refresh": 7, "user info": 1, "introspection": 2}


def test_many_people_cost_no_more(signed_in: RelyingParty, lena: Account, group: UserGroup) -> None:
    before = cost(signed_in)
    others = User.objects.bulk_create(
        User(username=f"u{n}", email=f"u{n}@example.com", state="ACTIVATED") for n in range(300)
    )
    Membership.objects.bulk_create(Membership(group=group, user=user) for user in others)
    RelyingParty(signed_in.client, signed_in.secret).signed_in(person("noah", group)).tokens()
    assert cost(signed_in) == before
