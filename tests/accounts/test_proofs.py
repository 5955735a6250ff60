"""What a session has proved is passed on as when and how, in the words of RFC 8176."""

from __future__ import annotations

import pytest
from django.http import HttpRequest
from django.test import Client

from rollcall.accounts.models import Account
from rollcall.accounts.proofs import Proof, proof_of
from tests.web.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("records", "proof"),
    [
        ([], Proof(0, ())),
        ([{"method": "password", "at": 10.6}], Proof(10, ("pwd",))),
        (
            [{"method": "password", "at": 10.0}, {"method": "mfa", "type": "totp", "at": 12.0}],
            Proof(12, ("otp", "pwd", "mfa")),
        ),
        (
            [{"method": "password", "at": 10.0}, {"method": "mfa", "type": "webauthn", "at": 12}],
            Proof(12, ("pop", "pwd", "mfa")),
        ),
        # Asked again: the later of the two counts, and one method is one factor.
        (
            [{"method": "password", "at": 10.0}, {"method": "password", "at": 900.0}],
            Proof(900, ("pwd",)),
        ),
        ([{"method": "code", "at": 10.0}], Proof(0, ())),
    ],
)
def test_time_and_methods(
    client: Client, world: World, records: list[dict[str, object]], proof: Proof
) -> None:
    account: Account = world.people["manager"]
    client.force_login(account, backend="rollcall.accounts.backend.AccountBackend")
    request = HttpRequest()
    request.session, request.user = client.session, account
    request.session["account_authentication_methods"] = records
    request.session["account_authentication_methods_user"] = str(account.pk)
    assert proof_of(request) == proof


def test_what_somebody_else_proved_in_this_browser_counts_for_nothing(
    client: Client, world: World
) -> None:
    client.force_login(world.people["manager"], backend="rollcall.accounts.backend.AccountBackend")
    request = HttpRequest()
    request.session, request.user = client.session, world.people["manager"]
    request.session["account_authentication_methods"] = [{"method": "password", "at": 10.0}]
    request.session["account_authentication_methods_user"] = str(world.people["read_only"].pk)
    assert proof_of(request) == Proof(0, ())
