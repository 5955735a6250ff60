"""What the SSO tab of an application shows: how it signs people on, and what it has to be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rollcall.access.oidc.issuer import endpoint, issuer
from rollcall.access.oidc.models import Client
from rollcall.access.presets import PRESETS
from rollcall.access.presets.preset import Preset, Protocol
from rollcall.directory import catalogue
from rollcall.directory.models import Application
from rollcall.imports import open_targets
from rollcall.web.admin.applications.forms.oidc import NewClientForm, OidcForm

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
    up, or changes it. `is_elsewhere` says that accounts are those of another directory.
    """

    protocol: Protocol
    preset: Preset | None
    form: forms.Form
    told: Sequence[Told]
    is_set_up: bool
    is_public: bool
    has_address: bool
    is_elsewhere: bool


def protocol_of(application: Application) -> Protocol | None:
    """How the application signs people on, or will once it is set up; None for one that cannot."""
    preset = PRESETS.get(application.name)
    if preset is not None and preset.protocol is Protocol.OIDC:
        return Protocol.OIDC
    return Protocol.OIDC if client_of(application) else None


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


def tab_of(
    request: HttpRequest, application: Application, form: forms.Form | None = None
) -> SsoTab | None:
    """The tab, with this form where one was sent; None where the application has no such tab."""
    protocol = protocol_of(application)
    if protocol is None:
        return None
    client = client_of(application)
    preset = PRESETS.get(application.name)
    return SsoTab(
        protocol=protocol,
        preset=preset,
        form=form or form_of(None, preset, client),
        told=_told(request, client),
        is_set_up=client is not None,
        is_public=client is not None and client.is_public,
        has_address=bool(settings.BASE_URL),
        is_elsewhere=open_targets.chosen() != open_targets.BUILTIN,
    )


def form_of(
    request: HttpRequest | None, preset: Preset | None, client: Client | None
) -> OidcForm | NewClientForm:
    """The form, with what the request has sent, if any."""
    data = request.POST if request else None
    return NewClientForm(data, preset=preset) if client is None else OidcForm(data, client=client)


def _told(request: HttpRequest, client: Client | None) -> list[Told]:
    known = [Told(_("Client ID"), str(client.client_id))] if client else []
    addresses = [Told(label, endpoint(name, request)) for name, label in ENDPOINTS]
    scopes = Told(_("Scopes"), SCOPES)
    return [*known, Told(_("Issuer"), issuer(request)), *addresses, scopes]
