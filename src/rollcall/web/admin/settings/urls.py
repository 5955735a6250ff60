"""The address under which every page of the settings stands."""

from __future__ import annotations

from rollcall.accounts.permissions import Permission
from rollcall.web.admin.settings import views
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page("settings/", views.open_first, name="settings", reads=Permission.MANAGE_SETTINGS),
]
