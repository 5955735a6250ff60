"""The address of personal data."""

from __future__ import annotations

from rollcall.accounts.permissions import Permission
from rollcall.web.admin.settings.people import views
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page(
        "settings/personal-data/",
        views.personal_data,
        name="settings-people",
        reads=Permission.MANAGE_PERSONAL_DATA,
        writes=Permission.MANAGE_PERSONAL_DATA,
        sensitive=True,
    ),
]
