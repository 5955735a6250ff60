"""Encrypts an assertion for its application (XML Encryption 1.1): AES-256-GCM and RSA-OAEP."""

from __future__ import annotations

import base64
import os
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

from rollcall.access.saml.messages.building import as_bytes, child
from rollcall.access.saml.messages.names import DS, SAML, XENC, ds, saml

GCM: Final = "http://www.w3.org/2009/xmlenc11#aes256-gcm"
OAEP: Final = f"{XENC}rsa-oaep-mgf1p"
SHA1: Final = f"{DS}sha1"
NONCE_BYTES: Final = 12
NAMESPACES: Final = {"saml": SAML, "xenc": XENC, "ds": DS}


def encrypted(assertion: etree._Element, certificate: x509.Certificate) -> etree._Element:
    """The assertion as only the holder of the certificate's key can read it (SAML Core, 6.1).

    Raises:
        ValueError: the certificate's key is none of RSA.
    """
    public = certificate.public_key()
    if not isinstance(public, rsa.RSAPublicKey):
        raise ValueError("assertions are encrypted for keys of RSA")
    key, nonce = AESGCM.generate_key(256), os.urandom(NONCE_BYTES)
    content = nonce + AESGCM(key).encrypt(nonce, as_bytes(assertion), None)
    # OAEP's own hash, which this name stands for; nothing rests on its being free of collisions.
    oaep = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)  # noqa: S303
    wrapped = public.encrypt(key, oaep)
    outer = etree.Element(saml("EncryptedAssertion"), nsmap=NAMESPACES)
    data = child(outer, _xenc("EncryptedData"), Type=f"{XENC}Element")
    child(data, _xenc("EncryptionMethod"), Algorithm=GCM)
    info = child(child(data, ds("KeyInfo")), _xenc("EncryptedKey"))
    method = child(info, _xenc("EncryptionMethod"), Algorithm=OAEP)
    child(method, ds("DigestMethod"), Algorithm=SHA1)
    _cipher(info, wrapped)
    _cipher(data, content)
    return outer


def _cipher(parent: etree._Element, content: bytes) -> None:
    value = base64.b64encode(content).decode()
    child(child(parent, _xenc("CipherData")), _xenc("CipherValue"), value)


def _xenc(name: str) -> str:
    return f"{{{XENC}}}{name}"
