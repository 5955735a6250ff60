"""The address of the choice of directory."""

from __future__ import annotations

from rollcall.accounts.permissions import Permission
from rollcall.web.admin.settings.target import views
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page(
        "settings/directory/",
        views.choose_target,
        name="settings-directory",
        reads=Permission.MANAGE_SETTINGS,
        writes=Permission.MANAGE_SETTINGS,
        sensitive=True,
    ),
]
