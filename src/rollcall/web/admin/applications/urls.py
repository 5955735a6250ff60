"""The addresses of applications and of their imports."""

from __future__ import annotations

from rollcall.accounts.permissions import Permission
from rollcall.web.admin.applications.views import (
    application,
    applications,
    binding,
    manual_import,
    schedule,
    upload,
)
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page(
        "applications/",
        applications.list_applications,
        name="applications",
        reads=Permission.READ_DIRECTORY,
    ),
    page(
        "applications/new/",
        applications.show_catalogue,
        name="application-catalogue",
        reads=Permission.MANAGE_APPLICATIONS,
    ),
    page(
        "applications/new/<str:template>/",
        applications.add_application,
        name="application-new",
        reads=Permission.MANAGE_APPLICATIONS,
        writes=Permission.MANAGE_APPLICATIONS,
    ),
    page(
        "applications/<str:application_id>/",
        application.show_application,
        name="application",
        reads=Permission.READ_DIRECTORY,
        writes=Permission.MANAGE_APPLICATIONS,
    ),
    page(
        "applications/<str:application_id>/user-groups/",
        application.change_groups,
        name="application-groups",
        reads=Permission.READ_DIRECTORY,
        writes=Permission.WRITE_USERS,
    ),
    page(
        "applications/<str:application_id>/bind/",
        binding.bind_users,
        name="application-bind",
        reads=Permission.WRITE_USERS,
        writes=Permission.WRITE_USERS,
    ),
    page(
        "applications/<str:application_id>/manual-import/",
        manual_import.start_import,
        name="application-import",
        reads=Permission.START_IMPORTS,
        writes=Permission.START_IMPORTS,
    ),
    page(
        "applications/<str:application_id>/columns/",
        upload.choose_columns,
        name="application-columns",
        reads=Permission.START_IMPORTS,
        writes=Permission.START_IMPORTS,
    ),
    page(
        "applications/<str:application_id>/credentials/",
        manual_import.remove_credentials,
        name="application-credentials",
        reads=Permission.READ_DIRECTORY,
        writes=Permission.MANAGE_APPLICATIONS,
        sensitive=True,
    ),
    page(
        "applications/<str:application_id>/schedule/",
        schedule.change_schedule,
        name="application-schedule",
        reads=Permission.MANAGE_APPLICATIONS,
        writes=Permission.MANAGE_APPLICATIONS,
    ),
]
