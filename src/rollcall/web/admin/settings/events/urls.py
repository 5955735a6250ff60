"""The address of the settings of events."""

from __future__ import annotations

from rollcall.accounts.permissions import Permission
from rollcall.web.admin.settings.events import views
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page(
        "settings/events/",
        views.edit_events,
        name="settings-events",
        reads=Permission.MANAGE_SETTINGS,
        writes=Permission.MANAGE_SETTINGS,
        sensitive=True,
    ),
]
