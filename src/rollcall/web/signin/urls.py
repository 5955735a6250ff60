"""The addresses before and around sign-in: one-time links, and the parts of allauth in use."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView

from rollcall.accounts.factor_rules import RECOVERY_CODES, TOTP, WEBAUTHN
from rollcall.web.shell.pages import PagePattern, public_page
from rollcall.web.signin import allowed, views
from rollcall.web.signin.road import on_the_road

urlpatterns: list[PagePattern] = [
    public_page("first-start/<str:token>/", views.start_first, name="first-start"),
    public_page("set-password/<str:token>/", views.set_password, name="set-password"),
]

# allauth guards these itself; `test_every_route_by_role` lists which are open to everybody.
ALLAUTH: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="profile"), name="account"),
    path("sign-in/", on_the_road(views.SignInView.as_view()), name="account_login"),
    path("password/renew/", on_the_road(views.renew_password), name="account_renew_password"),
    path(
        "second-factor/",
        on_the_road(views.announce_enrolment),
        name="account_announce_enrolment",
    ),
    path("sign-out/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("confirm/", on_the_road(account.reauthenticate), name="account_reauthenticate"),
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
    # Before allauth's own, which knows nothing of where somebody goes on.
    path("two-factor/authenticate/", on_the_road(mfa.authenticate), name="mfa_authenticate"),
    path("two-factor/reauthenticate/", on_the_road(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "two-factor/webauthn/login/",
        on_the_road(views.PasskeyView.as_view()),
        name="mfa_login_webauthn",
    ),
    path("two-factor/", allowed.index, name="mfa_index"),
    path(
        "two-factor/totp/activate/",
        allowed.only(TOTP, totp.activate_totp),
        name="mfa_activate_totp",
    ),
    path(
        "two-factor/webauthn/add/",
        allowed.only(WEBAUTHN, webauthn.add_webauthn),
        name="mfa_add_webauthn",
    ),
    path(
        "two-factor/recovery-codes/generate/",
        allowed.only(RECOVERY_CODES, recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("two-factor/", include("allauth.mfa.urls")),
]
