"""What we are for one application (SAML Metadata, 2.4.3), to be read by it or by its people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from rollcall.access.saml.messages.building import as_bytes, child
from rollcall.access.saml.messages.names import DS, MD, POST, REDIRECT, SAMLP, ds, md


@dataclass(frozen=True, slots=True)
class Description:
    """Our names and addresses for one application; its certificates (PEM), what signs first."""

    entity_id: str
    sso_url: str
    sign_out_url: str
    certificates: Sequence[str]
    name_id_format: str
    wants_signed_requests: bool
    declares_redirect: bool


def described(description: Description) -> bytes:
    """The metadata as XML."""
    root = etree.Element(md("EntityDescriptor"), nsmap={"md": MD, "ds": DS})
    root.set("entityID", description.entity_id)
    role = child(
        root,
        md("IDPSSODescriptor"),
        WantAuthnRequestsSigned="true" if description.wants_signed_requests else "false",
        protocolSupportEnumeration=SAMLP,
    )
    for certificate in description.certificates:
        info = child(child(role, md("KeyDescriptor"), use="signing"), ds("KeyInfo"))
        child(child(info, ds("X509Data")), ds("X509Certificate"), _bare(certificate))
    for binding in (REDIRECT, POST):
        child(
            role,
            md("SingleLogoutService"),
            Binding=binding,
            Location=description.sign_out_url,
        )
    child(role, md("NameIDFormat"), description.name_id_format)
    bindings = (REDIRECT, POST) if description.declares_redirect else (POST,)
    for binding in bindings:
        child(role, md("SingleSignOnService"), Binding=binding, Location=description.sso_url)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + as_bytes(root)


def _bare(certificate: str) -> str:
    return re.sub(r"-----[A-Z ]+-----|\s", "", certificate)
