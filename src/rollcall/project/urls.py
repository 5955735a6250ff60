"""Which room answers which address."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

handler400 = "rollcall.web.shell.errors.bad_request"
handler403 = "rollcall.web.shell.errors.forbidden"
handler404 = "rollcall.web.shell.errors.not_found"
handler500 = "rollcall.web.shell.errors.failed"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("rollcall.api.urls")),
    path("", include("rollcall.access.oidc.urls")),
    path("", include("rollcall.access.saml.urls")),
    path("", include("rollcall.web.urls")),
]
