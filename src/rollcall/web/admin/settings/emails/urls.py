"""The addresses of the e-mails about accounts."""

from __future__ import annotations

from rollcall.accounts.permissions import Permission
from rollcall.web.admin.settings.emails import views
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page(
        "settings/emails/",
        views.list_texts,
        name="settings-emails",
        reads=Permission.MANAGE_SETTINGS,
        writes=Permission.MANAGE_SETTINGS,
    ),
    page(
        "settings/emails/<str:kind>/<str:language>/",
        views.edit_text,
        name="settings-email",
        reads=Permission.MANAGE_SETTINGS,
        writes=Permission.MANAGE_SETTINGS,
        sensitive=True,
    ),
]
