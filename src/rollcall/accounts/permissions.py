"""Who may open which page: the one place where roles are enforced, and the list of all pages.

Every view of the portal is registered with `@page` (signed in, with a role) or `@public_page`
(before signing in). A view that is not registered has no address.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from asgiref.sync import iscoroutinefunction
from django.contrib.auth import get_user
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import URLPattern, path

from rollcall.accounts.models import Administrator, Role

View = Callable[..., HttpResponseBase]
AsyncView = Callable[..., Awaitable[HttpResponseBase]]

RANK = {Role.READ_ONLY: 1, Role.MANAGER: 2, Role.ADMINISTRATOR: 3}
SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Page:
    """One address of the portal.

    `reads` is the least role that may GET it, `writes` the least that may POST to it (None: it
    takes no POST); both None is a public page. `route` is written as in `django.urls.path`.
    """

    route: str
    name: str
    view: View | AsyncView
    reads: Role | None
    writes: Role | None

    def allows(self, role: Role | str, method: str) -> bool:
        """Whether a signed-in person of this role may use this method here."""
        needed = self.reads if method in SAFE else self.writes
        return needed is not None and RANK[Role(role)] >= RANK[needed]

    def takes(self, method: str) -> bool:
        """Whether the page answers this method for anybody."""
        return method in SAFE or (method == "POST" and self.writes is not None)


PAGES: dict[str, Page] = {}
"""Every registered page by its name."""


def page(
    route: str, *, name: str, reads: Role = Role.READ_ONLY, writes: Role | None = None
) -> Callable[[Any], Any]:
    """Give a view an address, for signed-in people whose role is at least `reads` or `writes`.

    Works on views and on async views. Modules in `portal/pages/` are found by themselves.
    """

    def register(view: Any) -> Any:
        found = Page(route, name, view, reads, writes)
        guarded = _guard_async(found) if iscoroutinefunction(view) else _guard(found)
        _add(Page(route, name, guarded, reads, writes))
        return guarded

    return register


def public_page(route: str, *, name: str) -> Callable[[View], View]:
    """Give a view an address that needs no sign-in. The view itself must guard what it does."""

    def register(view: View) -> View:
        _add(Page(route, name, view, None, None))
        return view

    return register


def urlpatterns() -> list[URLPattern]:
    """The addresses of all registered pages; `users/new/` is found before `users/<user_id>/`."""
    fixed_first = sorted(PAGES.values(), key=lambda one: "<" in one.route)
    return [path(one.route, cast(View, one.view), name=one.name) for one in fixed_first]


def administrator(request: HttpRequest) -> Administrator:
    """Who is signed in, on a page that only signed-in people reach."""
    user = request.user
    if not isinstance(user, Administrator):
        raise PermissionDenied
    return user


def may(request: HttpRequest, name: str, method: str = "GET") -> bool:
    """Whether the person signed in may use the page of this name; False where there is none."""
    role = getattr(request.user, "role", None)
    return name in PAGES and role is not None and PAGES[name].allows(role, method)


def still_admitted(request: HttpRequest, name: str) -> bool:
    """Whether the session of this request may still GET the page, looked up anew.

    For answers that go on for long: in the meantime the person may have signed out or been
    deactivated, or their password or role may have changed.
    """
    anew = HttpRequest()
    anew.session = type(request.session)(request.session.session_key)
    user = get_user(anew)
    return isinstance(user, Administrator) and PAGES[name].allows(user.role, "GET")


def _add(found: Page) -> None:
    if found.name in PAGES:
        raise ValueError(f"two pages are called {found.name}")
    PAGES[found.name] = found


def _guard(one: Page) -> View:
    view = cast(View, one.view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _refusal(one, request, request.user) or view(request, *args, **kwargs)

    return guarded


def _guard_async(one: Page) -> AsyncView:
    view = cast(AsyncView, one.view)

    @wraps(view)
    async def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refusal = _refusal(one, request, await request.auser())
        return refusal or await view(request, *args, **kwargs)

    return guarded


def _refusal(one: Page, request: HttpRequest, user: object) -> HttpResponseBase | None:
    if not isinstance(user, Administrator):
        return _to_sign_in(request)
    method = request.method or ""
    if not one.takes(method):
        return HttpResponseNotAllowed(["GET", "HEAD", *(["POST"] if one.writes else [])])
    if not one.allows(user.role, method):
        raise PermissionDenied
    if _holds_nul(request):
        raise BadRequest
    return None


def _holds_nul(request: HttpRequest) -> bool:
    """Whether an address or a form holds U+0000, which PostgreSQL takes in no text."""
    given = (*request.GET.lists(), *(request.POST.lists() if request.method == "POST" else ()))
    values = (str(value) for _, several in given for value in several)
    return any("\0" in text for text in (request.path, *values))


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    if request.headers.get("HX-Request"):
        # htmx follows redirects inside the page; this makes the browser itself go there.
        return HttpResponse(status=204, headers={"HX-Redirect": resolve_url("account_login")})
    return redirect_to_login(request.get_full_path())
