"""The address of User Management."""

from __future__ import annotations

from rollcall.accounts.permissions import Permission
from rollcall.web.admin.settings.user_management import views
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page(
        "settings/user-management/",
        views.edit_default_states,
        name="settings-users",
        reads=Permission.MANAGE_SETTINGS,
        writes=Permission.MANAGE_SETTINGS,
        sensitive=True,
    ),
]
