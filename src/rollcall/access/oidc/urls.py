"""The addresses of the provider."""

from __future__ import annotations

from django.urls import URLPattern, path

from rollcall.access.oidc.views import description
from rollcall.access.oidc.views.authorization import AuthorizationView
from rollcall.access.oidc.views.proving import choose
from rollcall.access.oidc.views.sign_out import sign_out
from rollcall.access.oidc.views.tokens import (
    IntrospectionView,
    RevocationView,
    TokenView,
    UserInfoView,
)

urlpatterns: list[URLPattern] = [
    path(".well-known/openid-configuration", description.discovery, name="oidc-discovery"),
    path("oauth2/jwks", description.keys, name="oidc-jwks"),
    path("oauth2/auth", AuthorizationView.as_view(), name="oidc-authorize"),
    path("oauth2/account", choose, name="oidc-choose"),
    path("oauth2/token", TokenView.as_view(), name="oidc-token"),
    path("oauth2/introspect", IntrospectionView.as_view(), name="oidc-introspect"),
    path("oauth2/revoke", RevocationView.as_view(), name="oidc-revoke"),
    path("oauth2/logout", sign_out, name="oidc-logout"),
    path("userinfo", UserInfoView.as_view(), name="oidc-userinfo"),
]
