"""The address of the audit log."""

from __future__ import annotations

from rollcall.accounts.permissions import Permission
from rollcall.web.admin.audit import views
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page("settings/audit-log/", views.list_events, name="audit", reads=Permission.READ_EVENTS),
]
