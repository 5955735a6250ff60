"""The addresses of Password Settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rollcall.accounts.permissions import Permission
from rollcall.web.admin.settings.passwords import views
from rollcall.web.shell.pages import PagePattern, page


def _page(route: str, view: Callable[..., Any], name: str) -> PagePattern:
    return page(
        route,
        view,
        name=name,
        reads=Permission.MANAGE_SETTINGS,
        writes=Permission.MANAGE_SETTINGS,
        sensitive=True,
    )


urlpatterns: list[PagePattern] = [
    _page("settings/passwords/", views.list_policies, "settings-passwords"),
    _page("settings/passwords/default/", views.edit_default, "settings-passwords-default"),
    _page("settings/passwords/new/", views.add_policy, "settings-passwords-new"),
    _page(
        "settings/passwords/<int:password_policy_id>/",
        views.edit_policy,
        "settings-passwords-policy",
    ),
]
