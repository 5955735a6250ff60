"""Whether a request can be met: where its answer goes, which name and which proof it wants."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rollcall.access.oidc.authentication import MFA_ACR, PASSWORD_ACR
from rollcall.access.saml import asking
from rollcall.access.saml.asking import NameIdWish, Unanswerable
from rollcall.access.saml.configuration import NameIdFormat
from rollcall.access.saml.messages.names import POST, REDIRECT
from rollcall.access.saml.messages.parsing import Unreadable
from rollcall.access.saml.messages.requests import AuthnRequest
from tests.access.saml.service_provider import ACS, ENTITY_ID, OTHER_ACS, configuration

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
OURS = "https://idp.example.com/saml2/wiki"
PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"
MICROSOFT = "http://schemas.microsoft.com/claims/multipleauthn"


def asked(**values: Any) -> AuthnRequest:
    return AuthnRequest(**{"id": "_1", "issuer": ENTITY_ID, "issued": NOW, **values})


@pytest.mark.parametrize(
    ("changes", "address"),
    [
        ({}, ACS),
        ({"acs_url": ACS}, ACS),
        ({"acs_url": OTHER_ACS}, OTHER_ACS),
        ({"acs_index": 1}, OTHER_ACS),
        ({"acs_index": 7}, ACS),
    ],
)
def test_the_answer_goes_where_it_is_wanted(changes: dict[str, Any], address: str) -> None:
    assert asking.acs_of(asked(**changes), configuration()) == address


@pytest.mark.parametrize(
    "address", [f"{ACS}/", f"{ACS}?x", ACS.upper(), "https://evil.example.com/acs", f"{ACS}#"]
)
def test_it_goes_nowhere_else(address: str) -> None:
    with pytest.raises(Unreadable):
        asking.acs_of(asked(acs_url=address), configuration())


@pytest.mark.parametrize(
    ("issuer", "issued", "destination"),
    [
        ("https://evil.example.com", NOW, ""),
        (ENTITY_ID.upper(), NOW, ""),
        (ENTITY_ID, NOW - timedelta(hours=2), ""),
        (ENTITY_ID, NOW + timedelta(hours=1), ""),
        (ENTITY_ID, NOW, "https://other.example.com/saml2/wiki"),
    ],
)
def test_what_was_sent_by_another_elsewhere_or_long_ago_is_refused(
    issuer: str, issued: datetime, destination: str
) -> None:
    asking.hold_to_sender(ENTITY_ID, NOW, OURS, configuration(), OURS, NOW)
    with pytest.raises(Unreadable):
        asking.hold_to_sender(issuer, issued, destination, configuration(), OURS, NOW)


def test_an_answer_by_another_binding_is_not_to_be_had() -> None:
    asking.hold_to_binding(asked(binding=POST))
    with pytest.raises(Unanswerable) as refusal:
        asking.hold_to_binding(asked(binding=REDIRECT))
    assert refusal.value.codes[-1].endswith("UnsupportedBinding")


@pytest.mark.parametrize(
    ("set_", "wanted", "wish"),
    [
        (NameIdFormat.EMAIL, "", NameIdWish(NameIdFormat.EMAIL, "username")),
        (NameIdFormat.EMAIL, NameIdFormat.EMAIL, NameIdWish(NameIdFormat.EMAIL, "username")),
        (
            NameIdFormat.UNSPECIFIED,
            NameIdFormat.EMAIL,
            NameIdWish(NameIdFormat.EMAIL, "email"),
        ),
        (NameIdFormat.EMAIL, NameIdFormat.PERSISTENT, NameIdWish(NameIdFormat.PERSISTENT, "id")),
        (NameIdFormat.EMAIL, NameIdFormat.TRANSIENT, NameIdWish(NameIdFormat.TRANSIENT, "")),
        (NameIdFormat.TRANSIENT, "", NameIdWish(NameIdFormat.TRANSIENT, "")),
    ],
)
def test_the_name_is_of_the_format_that_is_set_or_asked_for(
    set_: str, wanted: str, wish: NameIdWish
) -> None:
    own = configuration(name_id_format=str(set_), name_id_attribute="username")
    got = asking.name_id_wish(asked(name_id_format=str(wanted)), own)
    assert (got.format, got.attribute) == (str(wish.format), wish.attribute)


def test_a_format_that_there_is_not_is_refused() -> None:
    kerberos = "urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos"
    with pytest.raises(Unanswerable):
        asking.name_id_wish(asked(name_id_format=kerberos), configuration())


@pytest.mark.parametrize(
    ("classes", "comparison", "wants"),
    [
        ((), "exact", False),
        ((PASSWORD,), "exact", False),
        ((PASSWORD_ACR, MFA_ACR), "exact", False),
        ((MFA_ACR,), "exact", True),
        ((MICROSOFT,), "minimum", True),
        ((PASSWORD,), "better", True),
        ((MFA_ACR,), "maximum", False),
        (("urn:smartcard",), "exact", None),
        ((MFA_ACR,), "better", None),
        ((PASSWORD,), "sideways", None),
    ],
)
def test_a_second_factor_is_wanted_where_nothing_less_will_do(
    classes: tuple[str, ...], comparison: str, wants: bool | None
) -> None:
    request = asked(classes=classes, comparison=comparison)
    if wants is None:
        with pytest.raises(Unanswerable):
            asking.wants_factor(request)
    else:
        assert asking.wants_factor(request) is wants


def test_the_assertion_names_the_class_that_was_asked_for_where_it_is_met() -> None:
    assert asking.context_told(None, PASSWORD_ACR) == PASSWORD_ACR
    assert asking.context_told(asked(classes=(PASSWORD,)), PASSWORD_ACR) == PASSWORD
    assert asking.context_told(asked(classes=(MICROSOFT,)), MFA_ACR) == MICROSOFT
    assert asking.context_told(asked(classes=(MICROSOFT,)), PASSWORD_ACR) == PASSWORD_ACR
