"""A relying party as its specification has it, and a person's browser: both call Rollcall."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpResponse
from django.test import Client as Browser
from jwcrypto.jwk import JWKSet
from jwcrypto.jwt import JWT

from rollcall.access.oidc import clients
from rollcall.access.oidc.clients import Registration
from rollcall.access.oidc.models import Client
from rollcall.accounts import services as accounts
from rollcall.accounts.models import Account
from rollcall.directory import services
from rollcall.directory.models import Membership, User, UserGroup
from tests.actors import TESTER

PASSWORD = "a quiet river in may"
ISSUER = "http://testserver"
CALLBACK = "https://app.example.com/callback"
SIGNED_OUT = "https://app.example.com/bye"
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode()[:43]


def person(name: str = "lena", group: UserGroup | None = None) -> Account:
    """An active user with an account and a password, in the group."""
    user = User.objects.create(
        username=name,
        email=f"{name}@example.com",
        firstname=name.title(),
        lastname="Brandt",
        state="ACTIVATED",
    )
    account = accounts.create(TESTER, user.email, (), password=PASSWORD)
    account.user = user
    account.save(update_fields=["user"])
    if group is not None:
        Membership.objects.create(group=group, user=user)
    return account


@dataclass
class RelyingParty:
    """An application that signs people on, with a browser in which a person sits."""

    client: Client
    secret: str | None
    browser: Browser = field(default_factory=Browser)
    mode: str | None = None

    @classmethod
    def bound_to(cls, group: UserGroup, label: str = "Wiki", **kwargs: Any) -> RelyingParty:
        """A newly registered one, open to the members of the group."""
        values = {"redirect_uris": [CALLBACK], "post_logout_redirect_uris": [SIGNED_OUT], **kwargs}
        client, secret = clients.create_application(TESTER, label, Registration(**values))
        services.bind(TESTER, client.application, [group])
        return cls(client, secret)

    def request(self, **changes: Any) -> dict[str, str]:
        """The parameters of an authorization request; None takes one out."""
        parameters = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": CALLBACK,
            "scope": "openid",
            "state": "af0ifjsldkj",
            "nonce": "n-0S6_WzA2Mj",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "response_mode": self.mode,
            **changes,
        }
        return {name: value for name, value in parameters.items() if value is not None}

    def authorize(self, **changes: Any) -> HttpResponse:
        """The browser is sent to the authorization endpoint."""
        answer: Any = self.browser.get("/oauth2/auth", self.request(**changes))
        return answer  # type: ignore[no-any-return]

    def sign_in(self, account: Account, page: HttpResponse) -> HttpResponse:
        """The person types their password on the page that they were sent to."""
        asked = dict(parse_qsl(urlsplit(page["Location"]).query))
        form = {"login": account.email, "password": PASSWORD, "next": asked["next"]}
        answer: Any = self.browser.post(urlsplit(page["Location"]).path, form)
        assert answer.status_code == 302, answer.content
        return self.browser.get(answer["Location"])  # type: ignore[return-value]

    def signed_in(self, account: Account) -> RelyingParty:
        """The person has signed in at Rollcall before."""
        form = {"login": account.email, "password": PASSWORD}
        assert self.browser.post("/account/sign-in/", form).status_code == 302
        return self

    def code(self, **changes: Any) -> str:
        """The code that a signed-in person's browser brings."""
        return answered(self.authorize(**changes))["code"]

    def exchange(self, code: str, **changes: Any) -> HttpResponse:
        """The code is exchanged for tokens, by HTTP Basic where there is a secret."""
        return self.call(
            "token",
            grant_type="authorization_code",
            code=code,
            redirect_uri=CALLBACK,
            code_verifier=VERIFIER,
            **changes,
        )

    def refresh(self, token: str, **changes: Any) -> HttpResponse:
        """The refresh token is exchanged."""
        return self.call("token", grant_type="refresh_token", refresh_token=token, **changes)

    def call(self, endpoint: str, **form: Any) -> HttpResponse:
        """A call of the application's own, with its credentials; None takes a field out."""
        headers = {}
        if self.secret is None:
            form = {"client_id": self.client.client_id, **form}
        elif "client_secret" not in form:
            pair = f"{self.client.client_id}:{self.secret}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        body = urlencode({name: value for name, value in form.items() if value is not None})
        answer: Any = Browser().post(
            f"/oauth2/{endpoint}", body, "application/x-www-form-urlencoded", headers=headers
        )
        return answer  # type: ignore[no-any-return]

    def tokens(self, **changes: Any) -> dict[str, Any]:
        """The tokens of a whole sign-on of a signed-in person."""
        answer = self.exchange(self.code(**changes))
        assert answer.status_code == 200, answer.content
        return read(answer)

    def user_info(self, token: str) -> HttpResponse:
        """The claims, asked for with the token in the header."""
        answer: Any = Browser().get("/userinfo", headers={"Authorization": f"Bearer {token}"})
        return answer  # type: ignore[no-any-return]

    def verified(self, id_token: str) -> dict[str, Any]:
        """The claims of an ID token, as a relying party checks it (Core, 3.1.3.7)."""
        keys = JWKSet.from_json(Browser().get("/oauth2/jwks").content.decode())
        token = JWT(algs=[self.client.id_token_signed_response_alg])
        token.deserialize(id_token, keys)
        claims: dict[str, Any] = json.loads(token.claims)
        assert claims["iss"] == ISSUER
        assert claims["aud"] == self.client.client_id
        return claims


def answered(answer: HttpResponse) -> dict[str, str]:
    """What the answer tells the application; the issuer is always in it (RFC 9207)."""
    address, told = sent(answer)
    assert address.startswith(CALLBACK), address
    assert told.pop("iss") == ISSUER
    return told


def sent(answer: HttpResponse) -> tuple[str, dict[str, str]]:
    """Where the browser is sent with the answer, and what it brings: by redirect, or by form."""
    if answer.status_code == 200:
        page = answer.content.decode()
        form = re.search(
            r'<form method="post" action="([^"]*)" id="form-post">(.*?)</form>', page, re.S
        )
        assert form, page
        fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form[2])
        return html.unescape(form[1]), {name: html.unescape(value) for name, value in fields}
    assert answer.status_code == 302, answer.content
    parts = urlsplit(answer["Location"])
    return answer["Location"], dict(parse_qsl(parts.query)) | dict(parse_qsl(parts.fragment))


def read(answer: HttpResponse) -> dict[str, Any]:
    """The JSON of an answer."""
    told: dict[str, Any] = json.loads(answer.content)
    return told


def unguessable() -> str:
    """A random text."""
    return secrets.token_urlsafe(16)
