"""Profile: one's own language and theme, and the ways to password and two-factor authentication."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from rollcall.accounts import services, sessions
from rollcall.accounts.actors import actor_of
from rollcall.accounts.errors import NothingOfferedError
from rollcall.web.admin.profile import browsers
from rollcall.web.shell.pages import signed_in

THEME_COOKIE = "rollcall_theme"
YEAR = 365 * 24 * 3600


def show_profile(request: HttpRequest) -> HttpResponseBase:
    """What is one's own, and the user of the directory whom one may accept to be."""
    context = {"languages": settings.LANGUAGES, "offered": services.offered(signed_in(request))}
    return render(request, "profile/profile.html", context)


def accept_user(request: HttpRequest) -> HttpResponseBase:
    """Be the user of the directory who has the same e-mail from now on."""
    if request.method == "POST":
        try:
            services.accept(actor_of(request), signed_in(request))
        except NothingOfferedError:
            messages.error(request, gettext("There is no such user any more."))
        else:
            messages.success(request, gettext("You have the user portal as well now."))
    return redirect("profile")


def list_sessions(request: HttpRequest) -> HttpResponseBase:
    """Where one is signed in; sign out of one browser, or of all others."""
    account, own = signed_in(request), request.session.session_key
    places = sessions.of(account, own)
    if request.method == "POST":
        chosen = request.POST.get("session", "")
        others = {place.id for place in places if not place.is_this}
        ids = others & {int(chosen)} if chosen.isdecimal() and len(chosen) < 18 else others
        sessions.end(actor_of(request), account, ids)
        messages.success(request, gettext("Signed out there."))
        return redirect("profile-sessions")
    context = {
        "places": places,
        "named": [(place, browsers.name_of(place.browser)) for place in places],
        "elsewhere": any(not place.is_this for place in places),
    }
    return render(request, "profile/sessions.html", context)


def change_look(request: HttpRequest) -> HttpResponseBase:
    """Keep the theme in a cookie and the language with the person; then back to where they were."""
    if request.method != "POST":
        return redirect(_own_page(request))
    if request.POST.get("language") in dict(settings.LANGUAGES):
        services.set_language(actor_of(request), signed_in(request), request.POST["language"])
    response = redirect(_back(request))
    theme = request.POST.get("theme")
    if theme in ("light", "dark"):
        # In a cookie, since a screen is dark or light and not a person; the language is the
        # person's.
        response.set_cookie(
            THEME_COOKIE, theme, max_age=YEAR, samesite="Lax", secure=settings.HTTPS
        )
    elif theme == "":
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


def _back(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    # `next` comes with the form: to another host it would make this page a trap.
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    # Without a slash in front it would be taken for a page's name.
    return asked if safe and asked.startswith("/") else _own_page(request)


def _own_page(request: HttpRequest) -> str:
    return "profile" if signed_in(request).roles else "me-profile"
