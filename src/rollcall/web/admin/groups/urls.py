"""The addresses of user groups."""

from __future__ import annotations

from rollcall.accounts.permissions import Permission
from rollcall.web.admin.groups import views
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page("groups/", views.list_groups, name="groups", reads=Permission.READ_DIRECTORY),
    page(
        "groups/new/",
        views.add_group,
        name="group-new",
        reads=Permission.WRITE_USERS,
        writes=Permission.WRITE_USERS,
    ),
    page(
        "groups/<str:group_id>/",
        views.show_group,
        name="group",
        reads=Permission.READ_DIRECTORY,
        writes=Permission.WRITE_USERS,
    ),
    page(
        "groups/<str:group_id>/edit/",
        views.edit_group,
        name="group-edit",
        reads=Permission.WRITE_USERS,
        writes=Permission.WRITE_USERS,
    ),
    page(
        "groups/<str:group_id>/add/",
        views.add_members,
        name="group-add",
        reads=Permission.WRITE_USERS,
        writes=Permission.WRITE_USERS,
    ),
]
