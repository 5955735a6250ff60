"""The API put together: JumpCloud's v1, v2 and Directory Insights, SCIM, and one OpenAPI."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.db import DataError, transaction
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from rollcall.api.auth import Bearer, KeyHeader, key_of, only_reads
from rollcall.api.budget import MOST_SECONDS, budgets
from rollcall.api.insights import events as insights
from rollcall.api.jumpcloud import errors
from rollcall.api.jumpcloud.errors import Problem
from rollcall.api.jumpcloud.responses import BodyParser, answer
from rollcall.api.jumpcloud.v1 import (
    applications,
    factors,
    organizations,
    search,
    ssh_keys,
    users,
)
from rollcall.api.jumpcloud.v2 import (
    bulk,
    conditional_access,
    graph,
    imports,
    policies,
    usergroups,
)
from rollcall.api.scim import service as scim
from rollcall.database.work_limit import limited

DESCRIPTION = """The built-in directory, over JumpCloud's API (v1, v2, Directory Insights) and
SCIM 2.0.

Send a key of this installation as `x-api-key` or as `Authorization: Bearer`. Keys are made in the
portal or by `rollcall keys create`."""


class Service(NinjaAPI):
    """A ninja API whose addresses are not all under one prefix."""

    def get_root_path(self, path_params: dict[str, Any]) -> str:
        """What every address of the description begins with."""
        return "/"


service = Service(
    title="Rollcall directory",
    version="2",
    description=DESCRIPTION,
    urls_namespace="directory-api",
    # JumpCloud's clients send the header, identity providers the token; the key is the same.
    auth=[KeyHeader(), Bearer()],
    parser=BodyParser(),
    # Ninja's own page loads scripts from elsewhere; `openapi.py` makes one that needs none.
    docs_url=None,
    openapi_url=None,
)
errors.install(service)


WRITES_BY_ITSELF: Final = frozenset({"patch_group", "foresee"})
"""Views that work out first what they write, and hold the database's lock only for writing."""


def in_one_transaction(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view, with everything that a request writes kept or lost together."""

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **more: Any) -> Any:
        # Not in `auth`: the time that a view works is known only around the view.
        key = key_of(request).id
        if wait := budgets.wait(key):
            raise Problem(429, "Too Many Requests: this key has used its share", retry_after=wait)
        with budgets.spending(key):
            if only_reads(request):  # SQLite locks at the start of a transaction
                with limited(MOST_SECONDS):
                    return view(request, *args, **more)
            if view.__name__ in WRITES_BY_ITSELF:
                return view(request, *args, **more)
            with transaction.atomic():
                return view(request, *args, **more)

    return kept


service.add_decorator(in_one_transaction)
for router in (
    users.router,
    factors.router,
    ssh_keys.router,
    search.router,
    applications.router,
    organizations.router,
):
    service.add_router("api", router)
for router in (
    usergroups.router,
    graph.router,
    bulk.router,
    imports.router,
    policies.router,
    conditional_access.router,
):
    service.add_router("api/v2", router)
service.add_router("scim/v2", scim.router)
service.add_router("insights/directory/v1", insights.router)


@service.exception_handler(DataError)
def on_data_error(request: HttpRequest, error: DataError) -> HttpResponse:
    """A value that the database cannot compare with or store is the caller's mistake."""
    return answer({"message": "Bad Request: a value cannot be used here"}, 400)
