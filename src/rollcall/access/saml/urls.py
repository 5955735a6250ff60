"""The addresses of sign-on by SAML, three for each application."""

from __future__ import annotations

from django.urls import URLPattern, path

from rollcall.access.saml.views.description import metadata
from rollcall.access.saml.views.sign_on import SignOnView
from rollcall.access.saml.views.sign_out import sign_out

urlpatterns: list[URLPattern] = [
    path("saml2/<slug:path>", SignOnView.as_view(), name="saml-sign-on"),
    path("saml2/<slug:path>/metadata", metadata, name="saml-metadata"),
    path("saml2/<slug:path>/logout", sign_out, name="saml-sign-out"),
]
