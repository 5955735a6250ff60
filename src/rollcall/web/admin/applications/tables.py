"""How the configured applications are listed."""

from __future__ import annotations

from django.db.models import Count, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.core import searching
from rollcall.directory.models import Application
from rollcall.web.shell.lists.columns import Column
from rollcall.web.shell.lists.listing import Listing


def _state(application: Application) -> str:
    return gettext("Active") if application.active else gettext("Inactive")


def _with_groups(rows: QuerySet[Application]) -> QuerySet[Application]:
    # For the rows that are shown (`Listing.fetch`), and never for their counting.
    return rows.annotate(bound_groups=Count("association"))


def _search(rows: QuerySet[Application], typed: str) -> QuerySet[Application]:
    for word in searching.words(typed):
        rows = rows.filter(search_text__contains=word)
    return rows


LISTING: Listing[Application] = Listing(
    name="applications",
    order=("displayLabel",),
    search=_search,
    search_label=_("Display Label or description"),
    fetch=_with_groups,
    columns=(
        Column(
            "label",
            _("Display Label"),
            lambda application: application.displayLabel,
            ("displayLabel",),
            "applications/cell_label.html",
        ),
        Column("state", _("State"), _state, template="applications/cell_state.html"),
        Column("address", _("Application URL"), lambda application: application.ssoUrl),
        Column(
            "groups", _("User Groups"), lambda application: getattr(application, "bound_groups", 0)
        ),
    ),
    empty="applications/empty.html",
)
