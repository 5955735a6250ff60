"""The addresses of administrators."""

from __future__ import annotations

from rollcall.accounts.models import Role
from rollcall.web.admin.settings.administrators import views
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page(
        "settings/administrators/",
        views.list_administrators,
        name="settings-administrators",
        reads=Role.ADMINISTRATOR,
        writes=Role.ADMINISTRATOR,
    ),
    page(
        "settings/administrators/<int:administrator_id>/",
        views.edit_administrator,
        name="settings-administrator",
        reads=Role.ADMINISTRATOR,
        writes=Role.ADMINISTRATOR,
    ),
]
