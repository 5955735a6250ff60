"""The addresses of user groups."""

from __future__ import annotations

from rollcall.accounts.models import Role
from rollcall.web.admin.groups import views
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page("groups/", views.list_groups, name="groups", reads=Role.READ_ONLY),
    page("groups/new/", views.add_group, name="group-new", reads=Role.MANAGER, writes=Role.MANAGER),
    page(
        "groups/<str:group_id>/",
        views.show_group,
        name="group",
        reads=Role.READ_ONLY,
        writes=Role.MANAGER,
    ),
    page(
        "groups/<str:group_id>/edit/",
        views.edit_group,
        name="group-edit",
        reads=Role.MANAGER,
        writes=Role.MANAGER,
    ),
    page(
        "groups/<str:group_id>/add/",
        views.add_members,
        name="group-add",
        reads=Role.MANAGER,
        writes=Role.MANAGER,
    ),
]
