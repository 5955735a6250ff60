"""The addresses of imports."""

from __future__ import annotations

from rollcall.accounts.permissions import Permission
from rollcall.web.admin.imports.views import actions, live, review, runs
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page("imports/", runs.list_runs, name="imports", reads=Permission.READ_DIRECTORY),
    page(
        "imports/<int:run_number>/",
        runs.show_run,
        name="run",
        reads=Permission.READ_DIRECTORY,
        writes=Permission.START_IMPORTS,
    ),
    page(
        "imports/<int:run_number>/live/",
        live.stream_run,
        name="run-live",
        reads=Permission.READ_DIRECTORY,
    ),
    page(
        "imports/<int:run_number>/import/",
        review.carry_out,
        name="run-import",
        reads=Permission.READ_DIRECTORY,
        writes=Permission.START_IMPORTS,
    ),
    page(
        "imports/<int:run_number>/cancel/",
        actions.cancel_run,
        name="run-cancel",
        reads=Permission.READ_DIRECTORY,
        writes=Permission.START_IMPORTS,
    ),
    page(
        "imports/<int:run_number>/retry/",
        actions.retry_run,
        name="run-retry",
        reads=Permission.READ_DIRECTORY,
        writes=Permission.START_IMPORTS,
    ),
]
