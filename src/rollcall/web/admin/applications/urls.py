"""The addresses of applications and of their imports."""

from __future__ import annotations

from rollcall.accounts.models import Role
from rollcall.web.admin.applications.views import (
    application,
    applications,
    binding,
    manual_import,
    schedule,
)
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page(
        "applications/", applications.list_applications, name="applications", reads=Role.READ_ONLY
    ),
    page(
        "applications/new/",
        applications.show_catalogue,
        name="application-catalogue",
        reads=Role.ADMINISTRATOR,
    ),
    page(
        "applications/new/<str:template>/",
        applications.add_application,
        name="application-new",
        reads=Role.ADMINISTRATOR,
        writes=Role.ADMINISTRATOR,
    ),
    page(
        "applications/<str:application_id>/",
        application.show_application,
        name="application",
        reads=Role.READ_ONLY,
        writes=Role.ADMINISTRATOR,
    ),
    page(
        "applications/<str:application_id>/user-groups/",
        application.change_groups,
        name="application-groups",
        reads=Role.READ_ONLY,
        writes=Role.MANAGER,
    ),
    page(
        "applications/<str:application_id>/bind/",
        binding.bind_users,
        name="application-bind",
        reads=Role.MANAGER,
        writes=Role.MANAGER,
    ),
    page(
        "applications/<str:application_id>/manual-import/",
        manual_import.start_import,
        name="application-import",
        reads=Role.MANAGER,
        writes=Role.MANAGER,
    ),
    page(
        "applications/<str:application_id>/credentials/",
        manual_import.remove_credentials,
        name="application-credentials",
        reads=Role.READ_ONLY,
        writes=Role.ADMINISTRATOR,
    ),
    page(
        "applications/<str:application_id>/schedule/",
        schedule.change_schedule,
        name="application-schedule",
        reads=Role.ADMINISTRATOR,
        writes=Role.ADMINISTRATOR,
    ),
]
