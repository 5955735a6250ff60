"""The applications of one user: those that their groups are bound to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from django.db.models import F, Min, QuerySet
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils import timezone

from rollcall.access.oidc.login_address import starting_address
from rollcall.core import searching
from rollcall.directory.models import Application

SHOWN: Final = 200
"""How many tiles a page has; the search finds the others."""

NEW_FOR: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Tile:
    """One application as its user sees it; `address` is "" where there is nowhere to go."""

    label: str
    description: str
    logo: str
    color: str
    address: str
    signs_on: bool
    is_new: bool


def reached_by(user_id: str) -> QuerySet[Application]:
    """The active applications that a group of this user is bound to.

    Whether the user may have access at all says the account's standing, asked before.
    """
    reached = Application.objects.filter(active=True, groups__membership__user=user_id)
    return reached.annotate(
        # Theirs since both were there: the binding, and they in the group.
        since=Min(Greatest("association__created", "groups__membership__created")),
        saml_path=F("saml_connection__path"),
    )


def tiles(user_id: str, search: str, issuer: str) -> Sequence[Tile]:
    """Those of the applications that are shown in the user portal and hold every word.

    `issuer` is who we are to applications that begin a sign-on themselves.
    """
    applications = reached_by(user_id).filter(shown_in_portal=True).select_related("oidc_client")
    for word in searching.words(search):
        applications = applications.filter(search_text__contains=word)
    now = timezone.now()
    return [
        Tile(
            application.displayLabel,
            application.description,
            application.logo,
            application.color,
            _address(application, issuer),
            hasattr(application, "oidc_client") or bool(application.saml_path),  # type: ignore[attr-defined]  # annotated
            now - application.since < NEW_FOR,  # type: ignore[attr-defined]  # annotated
        )
        for application in applications.order_by("displayLabel", "pk")[:SHOWN]
    ]


def _address(application: Application, issuer: str) -> str:
    """Where the tile leads: where a sign-on begins, else where the application opens."""
    if path := application.saml_path:  # type: ignore[attr-defined]  # annotated
        return reverse("saml-sign-on", kwargs={"path": path})
    client = getattr(application, "oidc_client", None)
    address = starting_address(client, issuer) if client else ""
    return next(filter(is_web, (address, application.ssoUrl)), "")


def is_web(address: str) -> bool:
    """Whether a browser opens this as a page: what an administrator typed may be any text."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
