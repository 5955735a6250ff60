"""Conditional Policies and IP Lists: the two lists."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from rollcall.access.policies.models import AccessPolicy, IpList
from rollcall.web.admin.policies.tables import IP_LISTS, POLICIES


def list_policies(request: HttpRequest) -> HttpResponseBase:
    """Every policy."""
    return POLICIES.answer(request, AccessPolicy.objects.all(), template="policies/list.html")


def list_ip_lists(request: HttpRequest) -> HttpResponseBase:
    """Every IP list."""
    return IP_LISTS.answer(request, IpList.objects.all(), template="policies/ip_lists.html")
