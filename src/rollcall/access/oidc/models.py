"""What is stored of sign-on by OpenID Connect: clients, sign-ons, their tokens, signing keys."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from oauth2_provider.models import AbstractApplication

from rollcall.accounts.models import Account
from rollcall.database.sealed_columns import SealedField
from rollcall.directory.models import Application, new_id


class AuthMethod(models.TextChoices):
    """How a client proves who it is at the token endpoint (OpenID Connect Core, 9)."""

    ANY = "client_secret", "Client Secret Basic or POST"
    BASIC = "client_secret_basic", "Client Secret Basic"
    POST = "client_secret_post", "Client Secret POST"
    NONE = "none", "Public (None PKCE)"


class Algorithm(models.TextChoices):
    """What ID and logout tokens are signed with (RFC 7518, 3.1)."""

    RS256 = "RS256", "RS256"
    ES256 = "ES256", "ES256"


class Client(AbstractApplication):  # type: ignore[misc]  # the library ships no types
    """How an application of the directory is known as a client (RFC 6749, 2).

    `redirect_uris` and `post_logout_redirect_uris` are compared letter by letter, and stand with a
    space between them. `client_secret` is the SHA-256 of the secret: 256 random bits need no slow
    hash. `initiate_login_uri` is where a sign-on that begins here leads (Core, 4), "" for nowhere.
    `backchannel_logout_uri` is told when somebody signs out, "" where it takes no such calls.
    `has_own_tokens` is whether it gets tokens for itself (RFC 6749, 4.4). `claims` are the rules of
    `access.attribute_mapping`, as JSON. Of the library's own columns only these are used.
    """

    user = None
    authorization_grant_type = None
    hash_client_secret = None
    name = None
    skip_authorization = None
    algorithm = None
    allowed_origins = None
    registration_source = None
    cimd_expires_at = None
    client_id = models.CharField(max_length=64, unique=True, default=new_id, editable=False)
    application = models.OneToOneField(
        Application, on_delete=models.CASCADE, related_name="oidc_client"
    )
    client_secret = models.CharField(max_length=64, blank=True, default="")
    auth_method = models.CharField(max_length=32, choices=AuthMethod, default=AuthMethod.ANY.value)
    initiate_login_uri = models.CharField(max_length=2048, blank=True, default="")
    id_token_signed_response_alg = models.CharField(
        max_length=8, choices=Algorithm, default=Algorithm.RS256.value
    )
    backchannel_logout_uri = models.CharField(max_length=2048, blank=True, default="")
    backchannel_logout_session_required = models.BooleanField(default=False)
    has_own_tokens = models.BooleanField(default=False)
    claims: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        verbose_name = "OpenID Connect client"

    def __str__(self) -> str:
        return str(self.client_id)

    @property
    def is_public(self) -> bool:
        """Whether it can keep no secret (RFC 6749, 2.1)."""
        return bool(self.client_type == self.CLIENT_PUBLIC)

    @property
    def redirect_addresses(self) -> list[str]:
        """Where an answer may be sent."""
        return str(self.redirect_uris).split()

    @property
    def post_logout_addresses(self) -> list[str]:
        """Where somebody may be sent after signing out."""
        return str(self.post_logout_redirect_uris).split()


class SignOn(models.Model):
    """One sign-on of an account at a client: from its code on, all tokens belong to it.

    What ends the sign-on (`revoked`) ends every token of it. `code` is the SHA-256 of the code, and
    stays when it was used, so that a second use is known. `credential` is what the password was
    known by then: another password ends it. `scope` is what was asked for and is known. `sid`
    stands for the browser's session here; `address` and `proved` (each factor with its time) are
    what the policies have looked at, and look at again when tokens are refreshed.

    Where the person is out and the client is to be told so, `logout_due` is when that is tried
    next; `logout_told` is when it was told, or when nothing more is tried.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="sign_ons")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=64, unique=True)
    code_expires = models.DateTimeField()
    code_used = models.DateTimeField(null=True, blank=True)
    code_challenge = models.CharField(max_length=128)
    redirect_uri = models.TextField()
    scope = models.CharField(max_length=255)
    nonce = models.CharField(max_length=512, blank=True, default="")
    claims: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    authenticated = models.DateTimeField()
    methods: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    credential = models.CharField(max_length=128)
    sid = models.CharField(max_length=64, blank=True, default="", db_index=True)
    address = models.CharField(max_length=64, blank=True, default="")
    proved: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    created = models.DateTimeField(auto_now_add=True, db_index=True)
    revoked = models.DateTimeField(null=True, blank=True)
    logout_due = models.DateTimeField(null=True, blank=True)
    logout_attempts = models.PositiveSmallIntegerField(default=0)
    logout_told = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "sign-on"
        indexes = [
            models.Index(
                fields=["logout_due"],
                condition=models.Q(logout_due__isnull=False),
                name="sign_on_logout_due",
            ),
        ]

    def __str__(self) -> str:
        return f"sign-on {self.pk}"

    @property
    def scopes(self) -> list[str]:
        """What the client may know, each as one word."""
        return self.scope.split()


class AccessToken(models.Model):
    """An access token, by its SHA-256; `scope` may be narrower than the sign-on's.

    `is_bound` is set by the query that reads it: whether the person may still use the client.
    """

    is_bound: bool

    sign_on = models.ForeignKey(SignOn, on_delete=models.CASCADE, related_name="access_tokens")
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=255)
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"access token {self.pk}"


class RefreshToken(models.Model):
    """A refresh token, by its SHA-256: used once; it stays, so that a second use is known.

    `is_bound` is set by the query that reads it, as with an access token.
    """

    is_bound: bool

    sign_on = models.ForeignKey(SignOn, on_delete=models.CASCADE, related_name="refresh_tokens")
    digest = models.CharField(max_length=64, unique=True)
    expires = models.DateTimeField(db_index=True)
    used = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"refresh token {self.pk}"


class OwnToken(models.Model):
    """An access token of a client for itself, by its SHA-256: nobody's, and without scopes."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="own_tokens")
    digest = models.CharField(max_length=64, unique=True)
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"own token {self.pk}"


class FeedPlace(models.Model):
    """How far the directory's changes were looked at for people who are out: one row."""

    cursor = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.cursor


class SigningKey(models.Model):
    """A key pair that signs ID tokens; the private half is sealed.

    `kid` is the thumbprint (RFC 7638). It is published from `created` and signs from `signs_from`,
    so that clients know it before they meet it; until `published_until` what it signed is believed.
    """

    kid = models.CharField(max_length=64, primary_key=True)
    algorithm = models.CharField(max_length=8, choices=Algorithm, default=Algorithm.RS256.value)
    private = SealedField()
    public: models.JSONField[Any, Any] = models.JSONField()
    created = models.DateTimeField(auto_now_add=True)
    signs_from = models.DateTimeField()
    published_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "signing key of OpenID Connect"
        verbose_name_plural = "signing keys of OpenID Connect"

    def __str__(self) -> str:
        return self.kid
