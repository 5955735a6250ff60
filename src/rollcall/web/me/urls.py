"""The addresses of the user portal; whoever signs in may open them."""

from __future__ import annotations

from rollcall.accounts.permissions import Permission
from rollcall.web.me import profile, recovery, security, views
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page("me/", views.list_applications, name="me", reads=Permission.USE_ACCOUNT),
    page(
        "me/profile/",
        profile.show_profile,
        name="me-profile",
        reads=Permission.USE_ACCOUNT,
        writes=Permission.USE_ACCOUNT,
    ),
    page(
        "me/security/",
        security.show_security,
        name="me-security",
        reads=Permission.USE_ACCOUNT,
        writes=Permission.USE_ACCOUNT,
        sensitive=True,
    ),
    page(
        "me/recovery/",
        recovery.edit_recovery,
        name="me-recovery",
        reads=Permission.USE_ACCOUNT,
        writes=Permission.USE_ACCOUNT,
        sensitive=True,
    ),
    page(
        "me/recovery/<str:token>/",
        recovery.confirm_recovery,
        name="me-recovery-confirm",
        reads=Permission.USE_ACCOUNT,
        writes=Permission.USE_ACCOUNT,
    ),
    page("me/activity/", views.list_activity, name="me-activity", reads=Permission.USE_ACCOUNT),
]
