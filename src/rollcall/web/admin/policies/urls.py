"""The addresses of Security Management."""

from __future__ import annotations

from rollcall.accounts.permissions import Permission
from rollcall.web.admin.policies.views import asking, defaults, ip_lists, listing, policy
from rollcall.web.shell.pages import PagePattern, page

urlpatterns: list[PagePattern] = [
    page(
        "conditional-policies/",
        listing.list_policies,
        name="policies",
        reads=Permission.READ_DIRECTORY,
    ),
    page(
        "conditional-policies/new/",
        policy.add_policy,
        name="policy-new",
        reads=Permission.MANAGE_SETTINGS,
        writes=Permission.MANAGE_SETTINGS,
        sensitive=True,
    ),
    page(
        "conditional-policies/defaults/",
        defaults.edit_defaults,
        name="policy-defaults",
        reads=Permission.MANAGE_SETTINGS,
        writes=Permission.MANAGE_SETTINGS,
        sensitive=True,
    ),
    page(
        "conditional-policies/what-if/",
        asking.ask_what_if,
        name="policy-what-if",
        reads=Permission.READ_DIRECTORY,
        writes=Permission.READ_DIRECTORY,
    ),
    page(
        "conditional-policies/decisions/<int:event_id>/",
        asking.explain_event,
        name="policy-decision",
        reads=Permission.READ_EVENTS,
    ),
    page(
        "conditional-policies/<str:policy_id>/",
        policy.edit_policy,
        name="policy",
        reads=Permission.READ_DIRECTORY,
        writes=Permission.MANAGE_SETTINGS,
        sensitive=True,
    ),
    page("ip-lists/", listing.list_ip_lists, name="ip-lists", reads=Permission.READ_DIRECTORY),
    page(
        "ip-lists/new/",
        ip_lists.add_ip_list,
        name="ip-list-new",
        reads=Permission.MANAGE_SETTINGS,
        writes=Permission.MANAGE_SETTINGS,
        sensitive=True,
    ),
    page(
        "ip-lists/<str:ip_list_id>/",
        ip_lists.edit_ip_list,
        name="ip-list",
        reads=Permission.READ_DIRECTORY,
        writes=Permission.MANAGE_SETTINGS,
        sensitive=True,
    ),
]
