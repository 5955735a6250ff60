"""The portal's addresses: every page in `pages/`, and the parts of sign-in that are in use."""

from __future__ import annotations

import importlib

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from rollcall.accounts import permissions
from rollcall.web.shell.middleware import csp

PAGES = [
    "applications.application",
    "applications.applications",
    "applications.binding",
    "applications.identity",
    "applications.schedule",
    "groups.group",
    "groups.groups",
    "home.home",
    "imports.live",
    "imports.review",
    "imports.run_actions",
    "imports.runs",
    "profile.first_start",
    "profile.profile",
    "settings.administrators",
    "settings.api_keys",
    "settings.audit",
    "settings.directory",
    "settings.settings",
    "users.user",
    "users.user_editing",
    "users.users",
]
for _page in PAGES:
    importlib.import_module(f"rollcall.web.admin.{_page}")

SIGN_IN: list[URLPattern | URLResolver] = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/forgotten/", account.password_reset, name="account_reset_password"),
    path(
        "password/forgotten/sent/", account.password_reset_done, name="account_reset_password_done"
    ),
    path(
        "password/new/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        "^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    # Nobody signs up and nobody changes e-mails here; allauth asks for these names all the same.
    path("sign-up/", RedirectView.as_view(pattern_name="account_login"), name="account_signup"),
    path("email/", RedirectView.as_view(pattern_name="profile"), name="account_email"),
    path("two-factor/", include("allauth.mfa.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *permissions.urlpatterns(),
    path("account/", include(SIGN_IN)),
    path("language/", set_language, name="set_language"),
    path(csp.REPORT_PATH.strip("/") + "/", csp.report, name="csp-report"),
]
