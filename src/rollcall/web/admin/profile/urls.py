"""The addresses of one's own profile."""

from __future__ import annotations

from rollcall.accounts.permissions import Permission
from rollcall.web.admin.profile import views
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page("profile/", views.show_profile, name="profile", reads=Permission.OPEN_PORTAL),
    page(
        "profile/sessions/",
        views.list_sessions,
        name="profile-sessions",
        reads=Permission.USE_ACCOUNT,
        writes=Permission.USE_ACCOUNT,
    ),
    page(
        "profile/look/",
        views.change_look,
        name="profile-look",
        reads=Permission.USE_ACCOUNT,
        writes=Permission.USE_ACCOUNT,
    ),
    page(
        "profile/user/",
        views.accept_user,
        name="profile-user",
        reads=Permission.OPEN_PORTAL,
        writes=Permission.OPEN_PORTAL,
        sensitive=True,
    ),
]
