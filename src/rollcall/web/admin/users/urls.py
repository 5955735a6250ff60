"""The addresses of users."""

from __future__ import annotations

from rollcall.accounts.models import Role
from rollcall.web.admin.users.views import editing, user, users
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page("users/", users.list_users, name="users", reads=Role.READ_ONLY, writes=Role.MANAGER),
    page("users/new/", editing.add_user, name="user-new", reads=Role.MANAGER, writes=Role.MANAGER),
    page(
        "users/suggestions/", editing.suggest_managers, name="user-suggestions", reads=Role.MANAGER
    ),
    page(
        "users/<str:user_id>/",
        user.show_user,
        name="user",
        reads=Role.READ_ONLY,
        writes=Role.MANAGER,
    ),
    page(
        "users/<str:user_id>/edit/",
        editing.edit_user,
        name="user-edit",
        reads=Role.MANAGER,
        writes=Role.MANAGER,
    ),
]
