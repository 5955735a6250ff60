"""The address of Home."""

from __future__ import annotations

from rollcall.accounts.permissions import Permission
from rollcall.web.admin.home import views
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page("", views.show_home, name="home", reads=Permission.OPEN_PORTAL),
]
