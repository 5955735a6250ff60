"""The addresses of imports."""

from __future__ import annotations

from rollcall.accounts.models import Role
from rollcall.web.admin.imports.views import actions, live, review, runs
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page("imports/", runs.list_runs, name="imports", reads=Role.READ_ONLY),
    page(
        "imports/<int:run_number>/",
        runs.show_run,
        name="run",
        reads=Role.READ_ONLY,
        writes=Role.MANAGER,
    ),
    page("imports/<int:run_number>/live/", live.stream_run, name="run-live", reads=Role.READ_ONLY),
    page(
        "imports/<int:run_number>/import/",
        review.carry_out,
        name="run-import",
        reads=Role.READ_ONLY,
        writes=Role.MANAGER,
    ),
    page(
        "imports/<int:run_number>/cancel/",
        actions.cancel_run,
        name="run-cancel",
        reads=Role.READ_ONLY,
        writes=Role.MANAGER,
    ),
    page(
        "imports/<int:run_number>/retry/",
        actions.retry_run,
        name="run-retry",
        reads=Role.READ_ONLY,
        writes=Role.MANAGER,
    ),
]
