"""What is set of an application that signs people on by SAML: a frozen value, and its rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import models

from rollcall.access import attribute_mapping
from rollcall.access.attribute_mapping import USER_ATTRIBUTES, ClaimRule
from rollcall.access.oidc.redirect_addresses import refusal as address_refusal
from rollcall.core.refusal import Refusal

MOST_ADDRESSES: Final = 50
LONGEST_ENTITY_ID: Final = 1024
"""Characters of an entity's name (SAML Core, 8.3.6)."""
LONGEST_CERTIFICATE: Final = 16_384
LEAST_BITS: Final = 2048
ASSERTION_SECONDS: Final = (30, 3600)
SESSION_SECONDS: Final = (300, 30 * 86_400)
_VISIBLE: Final = re.compile(r"[\x21-\x7e]+")
_BARE: Final = re.compile(r"[A-Za-z0-9+/=\s]+")


class NameIdFormat(models.TextChoices):
    """How an application takes the name of a person (SAML Core, 8.3)."""

    EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress", "E-mail"
    UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified", "Unspecified"
    PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", "Persistent"
    TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient", "Transient"


class SignatureAlgorithm(models.TextChoices):
    """What our messages are signed with; SHA-1 is offered to nobody."""

    SHA256 = "rsa-sha256", "RSA-SHA256"
    SHA384 = "rsa-sha384", "RSA-SHA384"
    SHA512 = "rsa-sha512", "RSA-SHA512"


@dataclass(frozen=True, slots=True)
class Configuration:
    """All that may be set (JumpCloud, *Manage Single Sign-On*).

    `sp_entity_id` names the application, letter by letter. The first of `acs_urls` is the default.
    `idp_entity_id` is what we are called there, "" for our metadata's address. `name_id_attribute`
    is the user's field that stands in the NameID. `sp_certificate` is what the application signs
    with, `encryption_certificate` what assertions are encrypted for; both PEM or bare base64, ""
    for none. `login_url` is where a sign-on that begins here leads, "" to answer at once.
    `slo_url` takes sign-out through the browser, `slo_soap_url` from us directly. With
    `errors_to_sp` an application is told as a SAML status what is wrong, else the person sees it.
    Both times are in seconds: how long an assertion is good, and for how long the application may
    keep somebody signed in.
    """

    sp_entity_id: str
    acs_urls: tuple[str, ...]
    idp_entity_id: str = ""
    name_id_format: str = NameIdFormat.EMAIL.value
    name_id_attribute: str = "email"
    signature_algorithm: str = SignatureAlgorithm.SHA256.value
    sign_response: bool = True
    sign_assertion: bool = True
    sp_certificate: str = ""
    signed_requests: bool = False
    encryption_certificate: str = ""
    default_relay_state: str = ""
    login_url: str = ""
    declare_redirect: bool = True
    slo_url: str = ""
    slo_soap_url: str = ""
    errors_to_sp: bool = False
    assertion_seconds: int = 300
    session_seconds: int = 8 * 3600
    attributes: tuple[ClaimRule, ...] = ()


def refusals(configuration: Configuration) -> list[Refusal]:
    """All that is wrong with it, field by field; [] where it can be kept."""
    return list(_refusals(configuration))


def _refusals(given: Configuration) -> Iterator[Refusal]:
    yield from _entity_id("sp_entity_id", given.sp_entity_id, required=True)
    yield from _entity_id("idp_entity_id", given.idp_entity_id, required=False)
    yield from _addresses(given)
    yield from _choices(given)
    yield from _certificates(given)
    if len(given.default_relay_state) > 2048 or not given.default_relay_state.isprintable():
        yield Refusal("default_relay_state", "malformed", value=given.default_relay_state[:80])
    for field, (least, most) in (
        ("assertion_seconds", ASSERTION_SECONDS),
        ("session_seconds", SESSION_SECONDS),
    ):
        value = getattr(given, field)
        if not least <= value <= most:
            params = {"least": str(least), "most": str(most)}
            yield Refusal(field, "out_of_range", value=str(value), params=params)
    yield from attribute_mapping.refusals(given.attributes, "attributes")


def _entity_id(field: str, value: str, *, required: bool) -> Iterator[Refusal]:
    if required and not value:
        yield Refusal(field, "required")
    elif value and (len(value) > LONGEST_ENTITY_ID or not _VISIBLE.fullmatch(value)):
        yield Refusal(field, "malformed", value=value[:80])


def _addresses(given: Configuration) -> Iterator[Refusal]:
    if not given.acs_urls:
        yield Refusal("acs_urls", "required")
    if len(given.acs_urls) > MOST_ADDRESSES:
        params = {"limit": str(MOST_ADDRESSES), "length": str(len(given.acs_urls))}
        yield Refusal("acs_urls", "too_many", params=params)
    for address in given.acs_urls[:MOST_ADDRESSES]:
        if address_refusal(address):
            yield Refusal("acs_urls", "address_malformed", value=address[:200])
    for field in ("login_url", "slo_url", "slo_soap_url"):
        address = getattr(given, field)
        if address and address_refusal(address):
            yield Refusal(field, "address_malformed", value=address[:200])


def _choices(given: Configuration) -> Iterator[Refusal]:
    if given.name_id_format not in NameIdFormat.values:
        yield Refusal("name_id_format", "malformed", value=given.name_id_format[:80])
    if given.name_id_attribute not in USER_ATTRIBUTES:
        yield Refusal("name_id_attribute", "malformed", value=given.name_id_attribute[:80])
    if given.signature_algorithm not in SignatureAlgorithm.values:
        yield Refusal("signature_algorithm", "malformed", value=given.signature_algorithm[:80])
    # Whatever is signed by nobody is worth nothing to anybody.
    if not (given.sign_response or given.sign_assertion):
        yield Refusal("sign_response", "required")


def _certificates(given: Configuration) -> Iterator[Refusal]:
    for field in ("sp_certificate", "encryption_certificate"):
        text = getattr(given, field)
        if text and not _is_strong(text):
            yield Refusal(field, "malformed", value="")
    if given.signed_requests and not given.sp_certificate:
        yield Refusal("sp_certificate", "required")


def _is_strong(text: str) -> bool:
    try:
        key = certificate_of(text).public_key()
    except ValueError:
        return False
    return isinstance(key, rsa.RSAPublicKey) and key.key_size >= LEAST_BITS


def certificate_of(text: str) -> x509.Certificate:
    """The certificate in this text: PEM, or the base64 of it alone, as metadata have it.

    Raises:
        ValueError: it is none.
    """
    if len(text) > LONGEST_CERTIFICATE:
        raise ValueError("too long to be a certificate")
    if "-----BEGIN" not in text and _BARE.fullmatch(text):
        lines = re.sub(r"\s", "", text)
        text = f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"
    return x509.load_pem_x509_certificate(text.encode())
