"""How policies and IP lists are listed."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rollcall.access.policies.models import AccessPolicy, IpList
from rollcall.core import searching
from rollcall.web.admin.policies import words
from rollcall.web.shell.lists.columns import Column, Filter, Text
from rollcall.web.shell.lists.listing import Listing
from rollcall.web.shell.text.numbers import grouped
from rollcall.web.shell.text.sentences import joined

Row = TypeVar("Row", AccessPolicy, IpList)

STATUS: tuple[tuple[str, Text], ...] = (("on", _("On")), ("off", _("Off")))
EFFECTS: tuple[tuple[str, Text], ...] = (
    ("allow", _("Access allowed")),
    ("deny", _("Access denied")),
)


def _search(rows: QuerySet[Row], typed: str) -> QuerySet[Row]:
    for word in searching.words(typed):
        rows = rows.filter(search_text__contains=word)
    return rows


def _status(policy: AccessPolicy) -> str:
    return gettext("Off") if policy.disabled else gettext("On")


POLICIES: Listing[AccessPolicy] = Listing(
    name="conditional-policies",
    order=("created",),
    search=_search,
    search_label=_("Name or description"),
    columns=(
        Column(
            "name",
            _("Policy Name"),
            lambda policy: policy.name,
            ("name",),
            "policies/cell_policy.html",
        ),
        Column("status", _("Policy Status"), _status, (), "policies/cell_status.html"),
        Column("resources", _("Resources"), words.resources),
        Column("people", _("Users"), words.people),
        Column("conditions", _("Conditions"), lambda policy: words.conditions(policy.conditions)),
        Column("effect", _("Access"), words.effect),
        Column("description", _("Description"), lambda policy: policy.description, shown=False),
        Column(
            "updated",
            _("Changed"),
            lambda policy: localtime(policy.updated),
            (),
            "portal/cells/moment.html",
            shown=False,
        ),
    ),
    filters=(
        Filter(
            "status",
            _("Policy Status"),
            lambda: STATUS,
            lambda rows, value: rows.filter(disabled=value == "off"),
        ),
        Filter(
            "effect",
            _("Access"),
            lambda: EFFECTS,
            lambda rows, value: rows.filter(effect__action=value),
        ),
    ),
    empty="policies/empty.html",
)

IP_LISTS: Listing[IpList] = Listing(
    name="ip-lists",
    order=("name",),
    search=_search,
    search_label=_("Name or description"),
    columns=(
        Column(
            "name", _("Name"), lambda ip_list: ip_list.name, ("name",), "policies/cell_ip_list.html"
        ),
        Column("count", _("Entries"), lambda ip_list: grouped(len(ip_list.ips))),
        Column(
            "ips",
            _("IP addresses"),
            lambda ip_list: joined(ip_list.ips[:10], total=len(ip_list.ips)),
        ),
        Column("description", _("Description"), lambda ip_list: ip_list.description),
    ),
    empty="policies/ip_lists_empty.html",
)
