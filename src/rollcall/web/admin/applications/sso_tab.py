"""What the SSO tab of an application shows: how it signs people on, and what it has to be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rollcall.access.oidc.issuer import endpoint, issuer
from rollcall.access.oidc.models import Client
from rollcall.access.presets import PRESETS
from rollcall.access.presets.preset import Preset, Protocol
from rollcall.access.saml import addresses, certificates, connections
from rollcall.access.saml.models import Certificate, Connection
from rollcall.directory import catalogue
from rollcall.directory.models import Application
from rollcall.imports import open_targets
from rollcall.web.admin.applications.forms.oidc import NewClientForm, OidcForm
from rollcall.web.admin.applications.forms.saml import NewSamlForm, SamlForm

ENDPOINTS: tuple[tuple[str, str | Promise], ...] = (
    ("oidc-discovery", _("Discovery address")),
    ("oidc-authorize", _("Authorization address")),
    ("oidc-token", _("Token address")),
    ("oidc-userinfo", _("Userinfo address")),
    ("oidc-jwks", _("Keys (JWKS)")),
    ("oidc-logout", _("Sign-out address")),
)

SCOPES = "openid profile email groups"
"""What an application asks for that wants to know all that it may."""


@dataclass(frozen=True)
class Told:
    """A value that the application has to be told, with its label; it can be copied."""

    label: str | Promise
    value: str


@dataclass(frozen=True)
class SsoTab:
    """The tab.

    `is_set_up` says whether the application is known as one that signs people on; `form` sets that
    up, or changes it. `is_elsewhere` says that accounts are those of another directory. `metadata`
    is the address of ours and `certificates` are those that sign, both of SAML.
    """

    protocol: Protocol
    preset: Preset | None
    form: forms.Form
    told: Sequence[Told]
    is_set_up: bool
    has_address: bool
    is_elsewhere: bool
    is_public: bool = False
    metadata: str = ""
    certificates: Sequence[Certificate] = ()

    @property
    def is_ready(self) -> bool:
        """Whether it can be set up here at all."""
        return self.has_address and not self.is_elsewhere


def protocol_of(application: Application) -> Protocol | None:
    """How the application signs people on, or will once it is set up; None for one that cannot."""
    preset = PRESETS.get(application.name)
    if preset is not None:
        return preset.protocol
    if client_of(application):
        return Protocol.OIDC
    return Protocol.SAML if connections.of_application(application) else None


def only_signs_on(application: Application) -> bool:
    """Whether it is there for single sign-on: no bookmark, and no import of employees."""
    if protocol_of(application) is None:
        return False
    try:
        return catalogue.template(application.name).kind != "import"
    except KeyError:  # made over the API from a template that is not in the catalogue
        return True


def client_of(application: Application) -> Client | None:
    """The application as a client of OpenID Connect; None where it is none."""
    return Client.objects.filter(application=application.pk).first()


def tab_address(application: Application) -> str:
    """The address of the tab."""
    return f"{reverse('application', args=[application.pk])}?tab=sso"


def tab_of(
    request: HttpRequest, application: Application, form: forms.Form | None = None
) -> SsoTab | None:
    """The tab, with this form where one was sent; None where the application has no such tab."""
    protocol = protocol_of(application)
    if protocol is None:
        return None
    preset = PRESETS.get(application.name)
    if protocol is Protocol.OIDC:
        return _of_client(request, preset, client_of(application), form)
    return _of_connection(request, preset, connections.of_application(application), form)


def _of_client(
    request: HttpRequest, preset: Preset | None, client: Client | None, form: forms.Form | None
) -> SsoTab:
    plain = OidcForm(None, client=client) if client else NewClientForm(None, preset=preset)
    return SsoTab(
        protocol=Protocol.OIDC,
        preset=preset,
        form=form or plain,
        told=_told_to_client(request, client),
        is_set_up=client is not None,
        has_address=bool(settings.BASE_URL),
        is_elsewhere=_is_elsewhere(),
        is_public=client is not None and client.is_public,
    )


def _of_connection(
    request: HttpRequest,
    preset: Preset | None,
    connection: Connection | None,
    form: forms.Form | None,
) -> SsoTab:
    plain = (
        SamlForm(None, configuration=connection.configuration)
        if connection
        else NewSamlForm(None, preset=preset)
    )
    return SsoTab(
        protocol=Protocol.SAML,
        preset=preset,
        form=form or plain,
        told=_told_to_sp(request, connection) if connection else [],
        is_set_up=connection is not None,
        has_address=bool(settings.BASE_URL),
        is_elsewhere=_is_elsewhere(),
        metadata=addresses.metadata_url(connection, request) if connection else "",
        certificates=certificates.of(connection) if connection else (),
    )


def _is_elsewhere() -> bool:
    return open_targets.chosen() != open_targets.BUILTIN


def _told_to_client(request: HttpRequest, client: Client | None) -> list[Told]:
    known = [Told(_("Client ID"), str(client.client_id))] if client else []
    endpoints = [Told(label, endpoint(name, request)) for name, label in ENDPOINTS]
    scopes = Told(_("Scopes"), SCOPES)
    return [*known, Told(_("Issuer"), issuer(request)), *endpoints, scopes]


def _told_to_sp(request: HttpRequest, connection: Connection) -> list[Told]:
    return [
        Told(_("IdP entity ID"), addresses.entity_id(connection, request)),
        Told(_("Sign-on address"), addresses.sso_url(connection, request)),
        Told(_("Sign-out address"), addresses.sign_out_url(connection, request)),
        Told(_("Metadata address"), addresses.metadata_url(connection, request)),
    ]
