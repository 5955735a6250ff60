"""The addresses of administrators."""

from __future__ import annotations

from rollcall.accounts.permissions import Permission
from rollcall.web.admin.settings.administrators import views
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page(
        "settings/administrators/",
        views.list_administrators,
        name="settings-administrators",
        reads=Permission.MANAGE_ADMINISTRATORS,
        writes=Permission.MANAGE_ADMINISTRATORS,
        sensitive=True,
    ),
    page(
        "settings/administrators/<int:administrator_id>/",
        views.edit_administrator,
        name="settings-administrator",
        reads=Permission.MANAGE_ADMINISTRATORS,
        writes=Permission.MANAGE_ADMINISTRATORS,
        sensitive=True,
    ),
]
