"""The list of all pages, and the guard that holds each to the permission it declares.

A feature's `urls.py` makes its addresses with `page` (signed in, with a permission) or
`public_page` (before signing in). `guarded` refuses any other, so no view has an address without a
declaration. Which role has which permission says `accounts/permissions.py`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from types import ModuleType
from typing import Any, cast

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.contrib import messages
from django.contrib.auth import get_user
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import URLPattern
from django.urls.resolvers import RoutePattern
from django.utils.translation import gettext

from rollcall.accounts import permissions, second_factors
from rollcall.accounts.models import Account, Role
from rollcall.accounts.permissions import Permission
from rollcall.web.shell import reauthentication

View = Callable[..., HttpResponseBase]
AsyncView = Callable[..., Awaitable[HttpResponseBase]]

SAFE = ("GET", "HEAD", "OPTIONS")
USER_PORTAL = "me"
INSTEAD = {"home": USER_PORTAL, "profile": "me-profile"}
"""The user portal's pages for those that the admin portal has of the same kind."""
OWN = ("profile", "profile-look", "profile-sessions")
"""Pages about oneself, which are open before one has the second factor that one's role requires."""


@dataclass(frozen=True)
class Page:
    """One address of the portal.

    `reads` is what one must be permitted to GET it, `writes` to POST to it (None: it takes no
    POST); both None is a public page. `route` is written as in `django.urls.path`. Before a POST to
    a `sensitive` page the person proves who they are, unless they have done so just now.
    """

    route: str
    name: str
    reads: Permission | None
    writes: Permission | None
    sensitive: bool = False

    def allows(self, roles: Iterable[Role], method: str) -> bool:
        """Whether a signed-in person of these roles may use this method here."""
        needed = self.reads if method in SAFE else self.writes
        return needed is not None and permissions.allows(roles, needed)

    def takes(self, method: str) -> bool:
        """Whether the page answers this method for anybody."""
        return method in SAFE or (method == "POST" and self.writes is not None)


class PagePattern(URLPattern):
    """The address of a page, as the resolver takes it: its view stands behind the guard."""


PAGES: dict[str, Page] = {}
"""Every page by its name, complete once `web/urls.py` is imported."""


def page(
    route: str,
    view: Any,
    *,
    name: str,
    reads: Permission,
    writes: Permission | None = None,
    sensitive: bool = False,
) -> PagePattern:
    """The address of a view for signed-in people who may do what `reads` or `writes` says.

    `view` is a view or an async view; only a view can be `sensitive`.
    """
    declared = Page(route, name, reads, writes, sensitive)
    guard = _guard_async if iscoroutinefunction(view) else _guard
    return _pattern(declared, guard(declared, view))


def public_page(route: str, view: View, *, name: str) -> PagePattern:
    """The address of a view that needs no sign-in. The view itself must guard what it does."""
    return _pattern(Page(route, name, None, None), view)


def guarded(*features: ModuleType) -> list[PagePattern]:
    """The addresses of these `urls` modules, in this order.

    Raises:
        ImproperlyConfigured: one of them was made without `page` or `public_page`, so that nobody
            has said who may open it.
    """
    patterns = [pattern for urls in features for pattern in urls.urlpatterns]
    for pattern in patterns:
        if not isinstance(pattern, PagePattern):
            raise ImproperlyConfigured(f"nobody has said which role may open {pattern}")
    return patterns


def signed_in(request: HttpRequest) -> Account:
    """Who is signed in, on a page that only signed-in people reach."""
    account = request.user
    if not isinstance(account, Account):
        raise PermissionDenied
    return account


def may(request: HttpRequest, name: str, method: str = "GET") -> bool:
    """Whether the person signed in may use the page of this name; False where there is none."""
    account = request.user
    if not isinstance(account, Account) or name not in PAGES:
        return False
    return PAGES[name].allows(account.roles, method)


def still_admitted(request: HttpRequest, name: str) -> bool:
    """Whether the session of this request may still GET the page, looked up anew.

    For answers that go on for long: in the meantime the person may have signed out or been
    deactivated, their password or role may have changed, or the role may require a second factor.
    """
    # The request keeps the user and the session that it began with; both are read again.
    anew = HttpRequest()
    anew.session = type(request.session)(request.session.session_key)
    account = get_user(anew)
    if not isinstance(account, Account) or not PAGES[name].allows(account.roles, "GET"):
        return False
    return not second_factors.is_missing(account)


def _pattern(declared: Page, view: View | AsyncView) -> PagePattern:
    if declared.name in PAGES:
        raise ImproperlyConfigured(f"two pages are called {declared.name}")
    PAGES[declared.name] = declared
    # `django.urls.path` makes plain patterns, which `guarded` could not tell from unguarded ones.
    route = RoutePattern(declared.route, name=declared.name, is_endpoint=True)
    return PagePattern(route, cast(View, view), name=declared.name)


def _guard(declared: Page, view: View) -> View:
    @wraps(view)
    def guarded_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Before the role is asked: the request may be a POST afterwards, and is held to what that
        # takes.
        if declared.writes:
            reauthentication.resume(request)
        refusal = _refusal(declared, request, request.user)
        refusal = refusal or _to_second_factor(declared, request)
        if refusal is None and declared.sensitive and request.method == "POST":
            refusal = reauthentication.ask(request)
        return refusal or view(request, *args, **kwargs)

    return guarded_view


def _guard_async(declared: Page, view: AsyncView) -> AsyncView:
    @wraps(view)
    async def guarded_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refusal = _refusal(declared, request, await request.auser())
        refusal = refusal or await sync_to_async(_to_second_factor)(declared, request)
        return refusal or await view(request, *args, **kwargs)

    return guarded_view


def _refusal(declared: Page, request: HttpRequest, account: object) -> HttpResponseBase | None:
    if not isinstance(account, Account):
        return _to_sign_in(request)
    method = request.method or ""
    # What a page takes is the same for everybody: said before anybody's role is looked at.
    if not declared.takes(method):
        return HttpResponseNotAllowed(["GET", "HEAD", *(["POST"] if declared.writes else [])])
    if not declared.allows(account.roles, method):
        # Whoever has no role and opens where administrators begin is led to where users do.
        if method in SAFE and not account.roles and declared.name in INSTEAD:
            return redirect(INSTEAD[declared.name])
        raise PermissionDenied
    if _holds_nul(request):
        raise BadRequest
    return None


def _to_second_factor(declared: Page, request: HttpRequest) -> HttpResponseBase | None:
    """Where one sets up the second factor that is required; None where none is missing."""
    account = request.user
    if declared.name in OWN or not isinstance(account, Account):
        return None
    enrolment = second_factors.enrolment_of(account)
    if not enrolment.is_due:
        request.enrolment = enrolment  # type: ignore[attr-defined]  # for the page's frame
        return None
    messages.warning(request, _why_due(account))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": resolve_url("mfa_index")})
    return redirect("mfa_index")


def _why_due(account: Account) -> str:
    if account.roles & second_factors.required_roles():
        return gettext("Your role requires two-factor authentication: set it up.")
    return gettext("Two-factor authentication is required of you: set it up.")


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
