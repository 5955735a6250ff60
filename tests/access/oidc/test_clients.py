"""An application is registered as a client: its addresses, its secret, once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.access.oidc import clients
from rollcall.access.oidc.clients import Registration, Unregistrable
from rollcall.access.oidc.models import Client
from rollcall.access.oidc.redirect_addresses import origin, refusal
from rollcall.audit.models import Event
from rollcall.directory.models import Application
from tests.access.oidc.relying_party import CALLBACK, RelyingParty, read
from tests.actors import TESTER


@pytest.mark.parametrize(
    "address",
    [
        "https://app.example.com/callback",
        "https://app.example.com:8443/cb?x=1",
        "http://localhost:3000/cb",
        "http://127.0.0.1/cb",
        "http://[::1]:9/cb",
    ],
)
def test_these_may_be_registered(address: str) -> None:
    assert refusal(address) == ""


@pytest.mark.parametrize(
    "address",
    [
        "",
        "app.example.com/callback",
        "http://app.example.com/callback",
        "https://*.example.com/callback",
        "https://user@app.example.com/callback",
        "https://app.example.com/callback#x",
        "https://app.example.com;script-src/callback",
        "https://app.example.com/call back",
        "https://bücher.example/callback",
        "https:///callback",
        "https://app.example.com:99999/",
        "javascript:alert(1)",
        "data:text/html,x",
        "com.example.app:/callback",
        "x" * 3000,
    ],
)
def test_these_may_not(address: str) -> None:
    assert refusal(address)


def test_an_app_on_a_device_may_have_a_scheme_of_its_own() -> None:
    assert refusal("com.example.app:/callback", public=True) == ""
    assert origin("com.example.app:/callback") == "com.example.app:"
    assert refusal("javascript:alert(1)", public=True)


@given(st.text())
def test_an_origin_ends_no_directive_of_a_header(text: str) -> None:
    assert not set(origin(f"https://{text}/")) & set(" ;,'\"\r\n")


@pytest.mark.django_db
def test_the_secret_is_kept_as_its_digest_alone() -> None:
    client, secret = clients.create_application(TESTER, "Wiki", Registration([CALLBACK]))
    assert secret
    assert secret not in str(Client.objects.values())
    assert Application.objects.get().active
    assert Event.objects.filter(action="sso.client.create").count() == 1
    assert secret not in str(Event.objects.values())
    assert client.auth_method == "client_secret"


@pytest.mark.django_db
def test_nothing_is_made_where_an_address_cannot_be_taken() -> None:
    for addresses in ([], ["http://app.example.com/"], [CALLBACK] * 60):
        with pytest.raises(Unregistrable):
            clients.create_application(TESTER, "Wiki", Registration(addresses))
    with pytest.raises(Unregistrable):
        clients.create_application(TESTER, "", Registration([CALLBACK]))
    assert not Application.objects.exists()


def test_a_new_secret_is_the_only_one(signed_in: RelyingParty) -> None:
    new = clients.rotate_secret(TESTER, signed_in.client)
    assert read(signed_in.exchange(signed_in.code()))["error"] == "invalid_client"
    signed_in.secret = new
    assert signed_in.exchange(signed_in.code()).status_code == 200
    assert Event.objects.filter(action="sso.client.rotate").count() == 1


def test_addresses_are_replaced(signed_in: RelyingParty) -> None:
    clients.change_addresses(TESTER, signed_in.client, ["https://new.example.com/cb"], [])
    assert signed_in.authorize().status_code == 400
    event = Event.objects.get(action="sso.client.update")
    assert event.after["redirect_uris"] == ["https://new.example.com/cb"]
    clients.change_addresses(TESTER, signed_in.client, ["https://new.example.com/cb"], [])
    assert Event.objects.filter(action="sso.client.update").count() == 1


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_client_proves_itself_as_it_is_registered(signed_in: RelyingParty, method: str) -> None:
    Client.objects.update(auth_method=method)
    by_post = {"client_id": signed_in.client.client_id, "client_secret": signed_in.secret}
    statuses = {
        "client_secret_basic": signed_in.exchange(signed_in.code()).status_code,
        "client_secret_post": signed_in.exchange(signed_in.code(), **by_post).status_code,
    }
    assert {name for name, status in statuses.items() if status == 200} == {method}


def test_a_public_client_has_no_secret(signed_in: RelyingParty) -> None:
    group = signed_in.client.application.groups.get()
    public = RelyingParty.bound_to(group, "Page", public=True)
    assert public.secret is None
    public.browser = signed_in.browser
    assert public.exchange(public.code()).status_code == 200
    with pytest.raises(Unregistrable):
        clients.rotate_secret(TESTER, public.client)
