"""The addresses of Insights → Directory."""

from __future__ import annotations

from rollcall.accounts.permissions import Permission
from rollcall.web.admin.audit import views
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page("insights/directory/", views.list_events, name="insights", reads=Permission.READ_EVENTS),
    page(
        "insights/directory/<str:insights_id>/",
        views.show_event,
        name="insights-event",
        reads=Permission.READ_EVENTS,
    ),
    # Where this list stood before: bookmarks and links in e-mails still lead somewhere.
    page(
        "settings/audit-log/", views.moved, name="settings-audit-log", reads=Permission.READ_EVENTS
    ),
]
