"""What an application's metadata say of it (SAML Metadata, 2.4.4), taken into a configuration."""

from __future__ import annotations

import dataclasses

from lxml import etree

from rollcall.access.saml.configuration import Configuration, NameIdFormat
from rollcall.access.saml.messages import parsing
from rollcall.access.saml.messages.names import POST, REDIRECT, SOAP_BINDING, ds, md
from rollcall.access.saml.messages.parsing import Unreadable


def merged(configuration: Configuration | None, content: bytes) -> Configuration:
    """The configuration with what the metadata say; what they do not say stays.

    Raises:
        Unreadable: they are no metadata of one application that takes answers by POST.
    """
    role = _role(parsing.metadata(content))
    entity = role.getparent()
    entity_id = "" if entity is None else entity.get("entityID", "")
    addresses = _consumers(role)
    if not addresses:
        raise Unreadable("they name no address that takes an answer by POST")
    before = configuration or Configuration(entity_id, ())
    signing, encryption = _certificate(role, "signing"), _certificate(role, "encryption")
    formats = [parsing.text_of(element) for element in role.findall(md("NameIDFormat"))]
    known = next((format_ for format_ in formats if format_ in NameIdFormat.values), None)
    wants_assertion = role.get("WantAssertionsSigned") in ("true", "1")
    return dataclasses.replace(
        before,
        sp_entity_id=entity_id,
        acs_urls=addresses,
        name_id_format=known or before.name_id_format,
        sp_certificate=signing or before.sp_certificate,
        signed_requests=role.get("AuthnRequestsSigned") in ("true", "1") and bool(signing),
        encryption_certificate=encryption or before.encryption_certificate,
        sign_assertion=wants_assertion or before.sign_assertion,
        slo_url=_sign_out(role, (REDIRECT,)) or before.slo_url,
        slo_soap_url=_sign_out(role, (SOAP_BINDING,)) or before.slo_soap_url,
    )


def _role(root: etree._Element) -> etree._Element:
    if root.tag == md("EntitiesDescriptor"):
        entities = list(root.iter(md("EntityDescriptor")))
    else:
        entities = [root] if root.tag == md("EntityDescriptor") else []
    roles = [role for entity in entities for role in entity.findall(md("SPSSODescriptor"))]
    if len(roles) != 1:
        raise Unreadable("they are not the metadata of one application")
    return roles[0]


def _consumers(role: etree._Element) -> tuple[str, ...]:
    """The addresses that take answers by POST: the default first, then by their index."""
    consumers = [
        element
        for element in role.findall(md("AssertionConsumerService"))
        if element.get("Binding") == POST and element.get("Location")
    ]
    consumers.sort(key=lambda element: element.get("isDefault") not in ("true", "1"))
    return tuple(dict.fromkeys(element.get("Location", "") for element in consumers))


def _sign_out(role: etree._Element, bindings: tuple[str, ...]) -> str:
    services = role.findall(md("SingleLogoutService"))
    for service in services:
        if service.get("Binding") in bindings:
            return str(service.get("Location", ""))
    return ""


def _certificate(role: etree._Element, use: str) -> str:
    """The first certificate for this use, base64 as it stands; "" for none."""
    for descriptor in role.findall(md("KeyDescriptor")):
        if descriptor.get("use") in (use, None):
            found = next(descriptor.iter(ds("X509Certificate")), None)
            if found is not None:
                return parsing.text_of(found)
    return ""
