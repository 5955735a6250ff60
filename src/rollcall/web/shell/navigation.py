"""The two portals' navigation: which entries, in which order, which one the page belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rollcall.web.shell.pages import USER_PORTAL, may


@dataclass(frozen=True)
class Entry:
    """One line of the sidebar: the page it opens, and the pages (by name's start) that light it."""

    label: str | Promise
    icon: str
    name: str
    lit_by: tuple[str, ...]
    children: tuple[Entry, ...] = ()


ENTRIES = (
    Entry(_("Home"), "home", "home", ("home",)),
    Entry(_("Users"), "users", "users", ("user",)),
    Entry(_("User Groups"), "users-group", "groups", ("group",)),
    Entry(_("SSO Applications"), "apps", "applications", ("application",)),
    Entry(_("Imports"), "import", "imports", ("import", "run")),
    Entry(
        _("Security Management"),
        "lock",
        "policies",
        ("polic", "ip-list"),
        (
            Entry(_("Conditional Policies"), "", "policies", ("polic",)),
            Entry(_("IP Lists"), "", "ip-lists", ("ip-list",)),
        ),
    ),
    Entry(
        _("Insights"),
        "history",
        "insights",
        ("insights",),
        (Entry(_("Directory"), "", "insights", ("insights",)),),
    ),
    Entry(
        _("Settings"),
        "settings",
        "settings-users",
        ("settings",),
        (
            Entry(_("User Management"), "", "settings-users", ("settings-users",)),
            Entry(_("User portal"), "", "settings-user-portal", ("settings-user-portal",)),
            Entry(_("Directory"), "", "settings-directory", ("settings-directory",)),
            Entry(_("MFA"), "", "settings-mfa", ("settings-mfa",)),
            Entry(_("Notifications"), "", "settings-notifications", ("settings-notifications",)),
            Entry(_("Password Settings"), "", "settings-passwords", ("settings-passwords",)),
            Entry(_("E-mails"), "", "settings-emails", ("settings-email",)),
            Entry(
                _("Administrators"),
                "",
                "settings-administrators",
                ("settings-administrators", "settings-administrator"),
            ),
            Entry(_("API keys"), "", "settings-api-keys", ("settings-api-keys",)),
            Entry(_("Personal data"), "", "settings-people", ("settings-people",)),
            Entry(_("Events"), "", "settings-events", ("settings-events",)),
        ),
    ),
)

USER_ENTRIES = (
    Entry(_("Applications"), "apps", "me", ("me-applications",)),
    Entry(_("Profile"), "user", "me-profile", ("me-profile",)),
    Entry(
        _("Security"), "key", "me-security", ("me-security", "profile-sessions", "mfa", "account")
    ),
    Entry(_("Activity"), "history", "me-activity", ("me-activity",)),
)
"""The user portal's."""

ADMIN_FRAME: Final = "portal/base.html"
USER_FRAME: Final = "me/frame.html"


@dataclass(frozen=True)
class Line:
    """An entry as one page shows it."""

    entry: Entry
    url: str
    lit: bool
    children: tuple[Line, ...]


def context(request: HttpRequest) -> dict[str, object]:
    """For every template: `navigation` (the lines this person may open), `frame` and `theme`.

    `frame` is the template around pages that both portals have: the user portal's for whoever has
    no role.
    """
    theme = request.COOKIES.get("rollcall_theme", "")
    # What a cookie says becomes a part of the page: only the words that are known.
    chosen = theme if theme in ("light", "dark") else ""
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return {"navigation": (), "theme": chosen, "frame": ADMIN_FRAME}
    # The error pages are drawn with this context as well, for addresses that match nothing.
    match = getattr(request, "resolver_match", None)
    current = (match.url_name or "") if match else ""
    roles = getattr(request.user, "roles", ())
    in_user_portal = not roles or current.startswith(USER_PORTAL)
    entries = USER_ENTRIES if in_user_portal else ENTRIES
    return {
        "navigation": _lines(entries, request, current),
        "theme": chosen,
        "frame": USER_FRAME if in_user_portal else ADMIN_FRAME,
        "is_administrator": bool(roles),
    }


def _lines(entries: tuple[Entry, ...], request: HttpRequest, current: str) -> tuple[Line, ...]:
    return tuple(
        Line(
            entry=entry,
            url=reverse(entry.name),
            # By how the page's name begins, so that a new page of a feature lights its entry by
            # itself.
            lit=current == entry.name or current.startswith(entry.lit_by),
            children=_lines(entry.children, request, current),
        )
        for entry in entries
        if may(request, entry.name)
    )
