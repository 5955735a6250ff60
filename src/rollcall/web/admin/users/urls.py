"""The addresses of users."""

from __future__ import annotations

from rollcall.accounts.permissions import Permission
from rollcall.web.admin.users.views import account, editing, user, users
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page(
        "users/",
        users.list_users,
        name="users",
        reads=Permission.READ_DIRECTORY,
        writes=Permission.WRITE_USERS,
    ),
    page(
        "users/new/",
        editing.add_user,
        name="user-new",
        reads=Permission.WRITE_USERS,
        writes=Permission.WRITE_USERS,
    ),
    page(
        "users/suggestions/",
        editing.suggest_managers,
        name="user-suggestions",
        reads=Permission.WRITE_USERS,
    ),
    page(
        "users/<str:user_id>/",
        user.show_user,
        name="user",
        reads=Permission.READ_DIRECTORY,
        writes=Permission.WRITE_USERS,
    ),
    page(
        "users/<str:user_id>/account/",
        account.show_account,
        name="user-account",
        reads=Permission.HELP_USERS,
        writes=Permission.HELP_USERS,
        sensitive=True,
    ),
    page(
        "users/<str:user_id>/edit/",
        editing.edit_user,
        name="user-edit",
        reads=Permission.WRITE_USERS,
        writes=Permission.WRITE_USERS,
    ),
]
