"""The address of the API keys."""

from __future__ import annotations

from rollcall.accounts.permissions import Permission
from rollcall.web.admin.settings.api_keys import views
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page(
        "settings/api-keys/",
        views.list_keys,
        name="settings-api-keys",
        reads=Permission.MANAGE_KEYS,
        writes=Permission.MANAGE_KEYS,
        sensitive=True,
    ),
]
