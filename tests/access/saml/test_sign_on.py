"""People sign on at an application, begun there or here; who may not gets no further."""

from __future__ import annotations

import time
from urllib.parse import parse_qsl, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.sessions.backends.base import SessionBase

from rollcall.access.attribute_mapping import ClaimRule, Kind
from rollcall.access.saml.configuration import NameIdFormat
from rollcall.access.saml.messages.building import child
from rollcall.access.saml.messages.names import saml, samlp
from rollcall.access.saml.models import SignOn
from rollcall.accounts.models import Account
from rollcall.audit.insights import as_insights
from rollcall.audit.models import Event
from rollcall.directory.models import Application, Membership, User, UserGroup
from tests.access.oidc.relying_party import PASSWORD, person
from tests.access.saml.service_provider import (
    ACS,
    ENTITY_ID,
    OTHER_ACS,
    ServiceProvider,
    policy,
    sp_certificate,
)

pytestmark = pytest.mark.django_db


def latest(action: str) -> Event:
    return Event.objects.filter(action=action).latest("pk")


def test_whoever_signs_in_goes_on_to_the_application(wiki: ServiceProvider, lena: Account) -> None:
    request = wiki.request()
    way = wiki.send(request, "where I was")
    asked = dict(parse_qsl(urlsplit(way["Location"]).query))
    form = {"login": lena.email, "password": PASSWORD, "next": asked["next"]}
    back = wiki.browser.post(urlsplit(way["Location"]).path, form)
    answer = wiki.answered(wiki.browser.get(back["Location"]))  # type: ignore[arg-type]
    assert (answer.address, answer.relay_state) == (ACS, "where I was")
    assert answer.codes == ["Success"]
    assert answer.name_id == lena.email
    assert answer.root.get("InResponseTo") == request.get("ID")
    assert answer.text(".//saml:Audience") == ENTITY_ID
    assert answer.text("saml:Issuer") == f"http://testserver{wiki.address}/metadata"


def test_whoever_is_signed_in_goes_on_at_once(signed_in: ServiceProvider, lena: Account) -> None:
    page = signed_in.send(signed_in.request(AssertionConsumerServiceURL=OTHER_ACS))
    assert page["Cache-Control"] == "no-store"
    answer = signed_in.answered(page)
    assert (answer.address, answer.name_id) == (OTHER_ACS, lena.email)
    kept = SignOn.objects.get()
    assert kept.name_id == lena.email
    statement = answer.root.find(".//{*}AuthnStatement")
    assert statement is not None
    assert statement.get("SessionIndex") == kept.index


def test_a_sign_on_begins_here_as_well(signed_in: ServiceProvider) -> None:
    signed_in.set(default_relay_state="/start")
    answer = signed_in.answered(signed_in.browser.get(signed_in.address))  # type: ignore[arg-type]
    assert (answer.codes, answer.relay_state) == (["Success"], "/start")
    assert answer.root.get("InResponseTo") is None
    shown = as_insights(latest("sso.sign_on"))
    assert (shown["event_type"], shown["service"]) == ("sso_auth", "sso")
    assert shown["idp_initiated"] is True
    assert shown["application"]["display_label"] == "Wiki"


def test_with_a_login_url_a_sign_on_begins_there(signed_in: ServiceProvider) -> None:
    signed_in.set(login_url="https://app.example.com/login")
    answer = signed_in.browser.get(signed_in.address)
    assert (answer.status_code, answer["Location"]) == (302, "https://app.example.com/login")


def test_attributes_and_groups_are_told(signed_in: ServiceProvider, lena: Account) -> None:
    other = UserGroup.objects.create(name="Of no concern")
    Membership.objects.create(group=other, user=User.objects.get())
    rules = (
        ClaimRule("memberOf", Kind.GROUPS),
        ClaimRule("mail", Kind.ATTRIBUTE, "email"),
        ClaimRule("role", Kind.CONSTANT, "reader"),
    )
    signed_in.set(attributes=rules)
    answer = signed_in.answered(signed_in.send())
    assert answer.attributes == {
        "memberOf": ["Engineering"],
        "mail": [lena.email],
        "role": ["reader"],
    }


def test_the_name_is_the_field_that_is_set(signed_in: ServiceProvider) -> None:
    signed_in.set(name_id_attribute="username", name_id_format=NameIdFormat.UNSPECIFIED.value)
    assert signed_in.answered(signed_in.send()).name_id == "lena"


def test_a_transient_name_is_another_each_time(signed_in: ServiceProvider) -> None:
    names = {
        signed_in.answered(
            signed_in.send(policy(signed_in.request(), NameIdFormat.TRANSIENT.value))
        ).name_id
        for _ in range(2)
    }
    assert len(names) == 2


def test_nobody_is_named_by_nothing(signed_in: ServiceProvider) -> None:
    signed_in.set(name_id_attribute="employeeIdentifier")
    assert signed_in.send().status_code == 403
    assert "employeeIdentifier" in latest("sso.refused").reason


def test_a_request_by_a_form_is_answered(signed_in: ServiceProvider, lena: Account) -> None:
    answer = signed_in.answered(signed_in.post(signed_in.request(), "state"))
    assert (answer.name_id, answer.relay_state) == (lena.email, "state")


@pytest.mark.parametrize("errors_to_sp", [False, True])
def test_somebody_who_is_not_bound_is_refused(
    signed_in: ServiceProvider, lena: Account, errors_to_sp: bool
) -> None:
    signed_in.set(errors_to_sp=errors_to_sp)
    Membership.objects.filter(user=lena.user_id).delete()
    page = signed_in.send()
    assert "group" not in page.content.decode()
    if errors_to_sp:
        answer = signed_in.answered(page)
        assert answer.codes == ["Responder", "RequestDenied"]
        assert answer.name_id == ""
    else:
        assert page.status_code == 403
    shown = as_insights(latest("sso.refused"))
    assert (shown["event_type"], shown["success"]) == ("sso_auth", False)
    assert "no user group" in shown["error_message"]
    assert not SignOn.objects.exists()


def test_an_application_that_is_not_active_is_closed(signed_in: ServiceProvider) -> None:
    Application.objects.update(active=False)
    assert signed_in.send().status_code == 403


def test_whoever_is_suspended_is_out_at_once(signed_in: ServiceProvider, lena: Account) -> None:
    User.objects.filter(pk=lena.user_id).update(state="SUSPENDED")
    assert signed_in.send().status_code == 302


def test_a_passive_request_asks_nobody(wiki: ServiceProvider, lena: Account) -> None:
    answer = wiki.answered(wiki.send(wiki.request(IsPassive="true")))
    assert answer.codes == ["Responder", "NoPassive"]
    wiki.signed_in(lena)
    assert wiki.answered(wiki.send(wiki.request(IsPassive="true"))).codes == ["Success"]


def test_force_authn_asks_again_and_once(signed_in: ServiceProvider, lena: Account) -> None:
    query = signed_in.query(signed_in.request(ForceAuthn="true"))
    address = f"{signed_in.address}?{query}"
    way = signed_in.browser.get(address)
    assert way.status_code == 302
    assert urlsplit(way["Location"]).path == "/account/confirm/"
    proved(signed_in.browser.session)
    page = signed_in.browser.post(way["Location"], {"password": PASSWORD})
    assert page.status_code == 302
    answer = signed_in.answered(signed_in.browser.get(address))  # type: ignore[arg-type]
    assert answer.codes == ["Success"]


def proved(session: SessionBase) -> None:
    """What was proved at sign-in was so a while ago."""
    records = session["account_authentication_methods"]
    for record in records:
        record["at"] = time.time() - 900
    session["account_authentication_methods"] = records
    session.save()


def test_a_class_that_takes_a_factor_is_not_met_by_a_password(signed_in: ServiceProvider) -> None:
    request = signed_in.request()
    context = child(request, samlp("RequestedAuthnContext"))
    child(context, saml("AuthnContextClassRef"), "https://refeds.org/profile/mfa")
    assert signed_in.answered(signed_in.send(request)).codes == ["Responder", "NoAuthnContext"]


def test_a_name_of_an_unknown_format_is_refused(signed_in: ServiceProvider) -> None:
    kerberos = "urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos"
    answer = signed_in.answered(signed_in.send(policy(signed_in.request(), kerberos)))
    assert answer.codes == ["Requester", "InvalidNameIDPolicy"]


def test_signed_requests_are_answered_where_they_have_to_be(
    signed_in: ServiceProvider, keys: list[rsa.RSAPrivateKey]
) -> None:
    signed_in.set(sp_certificate=sp_certificate(signed_in.key), signed_requests=True)
    assert signed_in.answered(signed_in.send(sign=True)).codes == ["Success"]
    posted = signed_in.post(signed_in.signed(signed_in.request()))
    assert signed_in.answered(posted).codes == ["Success"]


def test_an_assertion_is_encrypted_for_whom_gives_a_key(signed_in: ServiceProvider) -> None:
    signed_in.set(encryption_certificate=sp_certificate(signed_in.key))
    answer = signed_in.answered(signed_in.send())
    assert answer.name_id == ""
    assert answer.root.find("saml:EncryptedAssertion", {"saml": saml("")[1:-1]}) is not None


def test_each_sees_the_application_as_themselves(
    wiki: ServiceProvider, lena: Account, group: UserGroup
) -> None:
    omar = person("omar", group)
    assert wiki.signed_in(omar).answered(wiki.send()).name_id == omar.email


def test_a_sign_on_costs_few_statements(
    signed_in: ServiceProvider, django_assert_max_num_queries: object
) -> None:
    signed_in.send()
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        signed_in.send()
