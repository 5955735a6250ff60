"""npm @node-saml/node-saml signs somebody on, and believes nothing that was changed or comes twice.

`scripts/relying-parties` installs it; without it this test is skipped.
"""

from __future__ import annotations

import base64
import json
import subprocess
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from rollcall.access.attribute_mapping import ClaimRule, Kind
from rollcall.accounts.models import Account
from tests.access.oidc.test_openid_client import FOLDER, NODE, line, tell
from tests.access.saml.service_provider import ACS, ENTITY_ID, ServiceProvider, sp_certificate
from tests.access.saml.test_pysaml2 import wiki_form

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.skipif(
        not NODE or not (FOLDER / "node_modules" / "@node-saml").exists(),
        reason="needs node and @node-saml/node-saml: scripts/relying-parties installs them",
    ),
]


def test_node_saml_signs_somebody_on(signed_in: ServiceProvider, lena: Account) -> None:
    own = sp_certificate(signed_in.key)
    signed_in.set(
        sp_certificate=own,
        signed_requests=True,
        encryption_certificate=own,
        attributes=(ClaimRule("memberOf", Kind.GROUPS),),
    )
    pem = signed_in.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    site = f"http://testserver{signed_in.address}"
    certificate = signed_in.certificate.public_bytes(Encoding.PEM).decode()
    words = [site, f"{site}/metadata", certificate, ENTITY_ID, ACS, pem]
    with subprocess.Popen(
        [NODE, str(FOLDER / "node_saml.mjs"), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=FOLDER,
    ) as process:
        try:
            address = urlsplit(line(process))
            page = signed_in.browser.get(f"{address.path}?{address.query}")
            form = wiki_form(page)
            assert form["RelayState"] == "a-state"
            tell(process, form["SAMLResponse"])
            told = json.loads(line(process))
            assert told.get("nameID") == lena.email, told
            assert told["groups"] in ("Engineering", ["Engineering"])
            answer = base64.b64decode(form["SAMLResponse"])
            changed = base64.b64encode(answer.replace(b"Success", b"Sucless")).decode()
            for other in (form["SAMLResponse"], changed):
                tell(process, other)
                assert "error" in json.loads(line(process))
        finally:
            process.kill()
