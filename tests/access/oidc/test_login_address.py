"""A sign-on that begins here leads to the application's own login address, with the issuer."""

from __future__ import annotations

import pytest

from rollcall.access.oidc.clients import Unregistrable
from rollcall.access.oidc.login_address import change_login_address, starting_address
from rollcall.audit.models import Event
from tests.access.oidc.relying_party import RelyingParty
from tests.actors import TESTER

LOGIN = "https://app.example.com/login"
ISSUER = "https://rollcall.example.com"


def test_it_is_told_who_the_issuer_is(wiki: RelyingParty) -> None:
    assert starting_address(wiki.client, ISSUER) == ""
    change_login_address(TESTER, wiki.client, LOGIN)
    assert (
        starting_address(wiki.client, ISSUER) == f"{LOGIN}?iss=https%3A%2F%2Frollcall.example.com"
    )
    change_login_address(TESTER, wiki.client, f"{LOGIN}?tenant=1")
    assert starting_address(wiki.client, ISSUER).startswith(f"{LOGIN}?tenant=1&iss=")


def test_a_change_leaves_an_event_and_none_leaves_nothing(wiki: RelyingParty) -> None:
    change_login_address(TESTER, wiki.client, "")
    change_login_address(TESTER, wiki.client, LOGIN)
    change_login_address(TESTER, wiki.client, LOGIN)
    [event] = Event.objects.filter(action="sso.client.update")
    assert event.after == {"initiate_login_uri": LOGIN}


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://app.example.com", "com.app:/x"])
def test_a_browser_is_sent_nowhere_else(wiki: RelyingParty, address: str) -> None:
    with pytest.raises(Unregistrable):
        change_login_address(TESTER, wiki.client, address)
