"""How users are listed: columns and filters on every page that lists users; the list of all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.core.user_texts import FILTERED, OF_WORK
from rollcall.directory import labels
from rollcall.directory.models import BY_NAME, Membership, User, UserQuerySet
from rollcall.web.admin.users import choices, unbound
from rollcall.web.admin.users.names import full_name
from rollcall.web.shell.lists import distinct
from rollcall.web.shell.lists.columns import Bulk, Column, Filter, Text
from rollcall.web.shell.lists.listing import Listing

UNBOUND: Final = "unbound"
"""The value of the filter "group" for users whose groups bring them no application."""


def search(rows: QuerySet[User], typed: str) -> QuerySet[User]:
    """The users in whose names, username, e-mail or ids every word of what was typed occurs."""
    return cast(UserQuerySet, rows).search(typed)


def _of_group(rows: QuerySet[User], value: str) -> QuerySet[User]:
    if value == UNBOUND:
        return rows.filter(pk__in=unbound.find_users().order_by().values("pk"))
    # A subquery and no join, so that the list keeps one row a user and its index.
    return rows.filter(pk__in=Membership.objects.filter(group_id=value).values("user_id"))


def _of_manager(rows: QuerySet[User], value: str) -> QuerySet[User]:
    typed = value.replace("\x00", "").strip()
    # Who types a whole username or e-mail means that user, and not all in whom it occurs.
    exact = User.objects.filter(Q(username__lower=typed.lower()) | Q(email=typed.lower()))
    managers = exact if exact.exists() else User.objects.search(typed)
    return rows.filter(manager__in=managers.order_by().values("pk"))


def _states() -> Sequence[tuple[str, Text]]:
    return [(value, gettext(label.text)) for value, label in labels.STATES.items()]


def _groups() -> Sequence[tuple[str, Text]]:
    return [(UNBOUND, gettext("Imported, in no bound group")), *choices.group_choices()]


def _text_column(field: str, *, shown: bool = False) -> Column[User]:
    # A column without an index would sort all users anew for every page.
    indexed = (field, *BY_NAME) if field in FILTERED else ()
    return Column(
        field,
        _(labels.FIELDS[field]),
        lambda user: getattr(user, field) or "",
        indexed,
        shown=shown,
    )


def _text_filter(field: str) -> Filter[User]:
    return Filter(
        field,
        _(labels.FIELDS[field]),
        lambda: [(value, value) for value in distinct.values(User, field)],
        lambda rows, value: rows.filter(**{field: value}),
    )


_BEFORE_MANAGER = ("jobTitle", "department", "company", "location")
_SHOWN = ("jobTitle", "department")

COLUMNS: tuple[Column[User], ...] = (
    Column("name", _("Name"), full_name, BY_NAME, "users/cell_name.html"),
    Column(
        "username", _("Username"), lambda user: user.username, ("username__lower",), shown=False
    ),
    Column("email", _("E-mail"), lambda user: user.email, ("email",)),
    Column(
        "state",
        _("State"),
        lambda user: user.state,
        ("state", *BY_NAME),
        "portal/cells/state.html",
    ),
    *(_text_column(name, shown=name in _SHOWN) for name in _BEFORE_MANAGER),
    Column(
        "manager",
        _("Manager"),
        lambda user: full_name(user.manager) if user.manager else "",
        (),
        "users/cell_manager.html",
    ),
    *(_text_column(name) for name in OF_WORK if name not in _BEFORE_MANAGER),
    _text_column("employeeIdentifier"),
    Column(
        "created",
        _("Created"),
        lambda user: localtime(user.created),
        ("created",),
        "portal/cells/moment.html",
        shown=False,
    ),
)

FILTERS: tuple[Filter[User], ...] = (
    Filter("state", _("State"), _states, lambda rows, value: rows.filter(state=value)),
    *(_text_filter(name) for name in FILTERED),
    Filter("manager", _("Manager"), None, _of_manager),
    Filter("group", _("Group"), _groups, _of_group),
    Filter(
        "run",
        _("Imported by"),
        choices.run_choices,
        lambda rows, value: rows.filter(pk__in=choices.find_imported(value).values("pk")),
    ),
)

SEARCH_LABEL = _("Name, username, e-mail or employee ID")


def fetch(rows: QuerySet[User]) -> QuerySet[User]:
    """The rows with what drawing them needs."""
    return rows.select_related("manager")


LISTING: Listing[User] = Listing(
    name="users",
    columns=COLUMNS,
    order=BY_NAME,
    search=search,
    search_label=SEARCH_LABEL,
    filters=FILTERS,
    bulk=(
        Bulk("activate", _("Activate")),
        Bulk("suspend", _("Suspend")),
        Bulk("send-activation", _("Send activation e-mail")),
    ),
    fetch=fetch,
    empty="users/empty.html",
    bulk_more="users/bulk_group.html",
)
