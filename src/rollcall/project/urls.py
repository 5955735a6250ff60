"""Which room answers which address."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

handler400 = "rollcall.portal.errors.bad_request"
handler403 = "rollcall.portal.errors.forbidden"
handler404 = "rollcall.portal.errors.not_found"
handler500 = "rollcall.portal.errors.failed"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("rollcall.api.urls")),
    path("", include("rollcall.portal.urls")),
]
