"""What is stored of sign-on by SAML: connections, the certificates that sign, and sign-ons."""

from __future__ import annotations

from typing import Any

from django.db import models

from rollcall.access import attribute_mapping
from rollcall.access.saml.configuration import (
    Configuration,
    NameIdFormat,
    SignatureAlgorithm,
)
from rollcall.accounts.models import Account
from rollcall.database.sealed_columns import SealedField
from rollcall.directory.models import Application


class Connection(models.Model):
    """How an application of the directory signs people on by SAML.

    `path` stands in its addresses here (`/saml2/<path>`) and is fixed when it is made. What the
    other columns mean says `Configuration`.
    """

    application = models.OneToOneField(
        Application, on_delete=models.CASCADE, related_name="saml_connection"
    )
    path = models.CharField(max_length=64, unique=True, editable=False)
    sp_entity_id = models.CharField(max_length=1024)
    acs_urls: models.JSONField[Any, Any] = models.JSONField(default=list)
    idp_entity_id = models.CharField(max_length=1024, blank=True, default="")
    name_id_format = models.CharField(
        max_length=80, choices=NameIdFormat, default=NameIdFormat.EMAIL.value
    )
    name_id_attribute = models.CharField(max_length=64, default="email")
    signature_algorithm = models.CharField(
        max_length=16, choices=SignatureAlgorithm, default=SignatureAlgorithm.SHA256.value
    )
    sign_response = models.BooleanField(default=True)
    sign_assertion = models.BooleanField(default=True)
    sp_certificate = models.TextField(blank=True, default="")
    signed_requests = models.BooleanField(default=False)
    encryption_certificate = models.TextField(blank=True, default="")
    default_relay_state = models.CharField(max_length=2048, blank=True, default="")
    login_url = models.CharField(max_length=2048, blank=True, default="")
    declare_redirect = models.BooleanField(default=True)
    slo_url = models.CharField(max_length=2048, blank=True, default="")
    slo_soap_url = models.CharField(max_length=2048, blank=True, default="")
    errors_to_sp = models.BooleanField(default=False)
    assertion_seconds = models.PositiveIntegerField(default=300)
    session_seconds = models.PositiveIntegerField(default=8 * 3600)
    attributes: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "SAML connection"

    def __str__(self) -> str:
        return self.path

    @property
    def configuration(self) -> Configuration:
        """What is set, as a value of its own."""
        values = {name: getattr(self, name) for name in FIELDS}
        values["acs_urls"] = tuple(self.acs_urls)
        values["attributes"] = attribute_mapping.from_json(self.attributes)
        return Configuration(**values)


FIELDS = tuple(Configuration.__dataclass_fields__)
"""The columns that a configuration sets."""


class Certificate(models.Model):
    """A key pair that signs what one application is sent; the private half is sealed.

    It is in the application's metadata from `created` on, and signs from `signs_from`, None for one
    that waits until the application knows it. Of those that sign the newest does. `warned_hours` is
    the last warning of its end that was sent: how many hours ahead.
    """

    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, related_name="certificates"
    )
    private = SealedField()
    certificate = models.TextField()
    fingerprint = models.CharField(max_length=64)
    not_after = models.DateTimeField(db_index=True)
    created = models.DateTimeField(auto_now_add=True)
    signs_from = models.DateTimeField(null=True, blank=True)
    warned_hours = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = "certificate of SAML"
        verbose_name_plural = "certificates of SAML"
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "fingerprint"], name="saml_certificate_unique"
            )
        ]

    def __str__(self) -> str:
        return self.fingerprint[:16]


class SignOn(models.Model):
    """One sign-on of an account at an application, until the application's session is over.

    `index` is the SessionIndex of the assertion, `name_id` the name that it gives the person.
    `browser` is the SHA-256 of the key of the session here that it came from. `ended` says since
    when the person is to be out, `told` that the application knows, or will not be told any more;
    `attempts` how often it was tried.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="sign_ons")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    index = models.CharField(max_length=64, unique=True)
    name_id = models.CharField(max_length=1100)
    name_id_format = models.CharField(max_length=80, blank=True, default="")
    browser = models.CharField(max_length=64, blank=True, default="", db_index=True)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField(db_index=True)
    ended = models.DateTimeField(null=True, blank=True)
    told = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "sign-on by SAML"
        verbose_name_plural = "sign-ons by SAML"
        indexes = [
            models.Index(
                fields=["connection", "account"],
                condition=models.Q(told=None),
                name="saml_sign_on_open",
            ),
        ]

    def __str__(self) -> str:
        return f"sign-on {self.pk}"


class AnsweredRequest(models.Model):
    """The id of a request that was answered, by its SHA-256: it is answered once."""

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"request {self.pk}"
