"""The addresses of one's own profile."""

from __future__ import annotations

from rollcall.accounts.models import Role
from rollcall.web.admin.profile import views
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page("profile/", views.show_profile, name="profile", reads=Role.READ_ONLY),
    page(
        "profile/look/",
        views.change_look,
        name="profile-look",
        reads=Role.READ_ONLY,
        writes=Role.READ_ONLY,
    ),
]
