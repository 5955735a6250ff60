"""Whom to believe about where a request comes from: the proxies that the operator names.

One decision for all who ask: lock-out, rate limits, audit, links and cookies. What anybody else
sends in `X-Forwarded-*` is taken off before it is seen.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from django.conf import settings
from django.http import HttpRequest

from rollcall.web.shell.middleware.base import EitherWayMiddleware

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

CLIENT: Final = "HTTP_X_FORWARDED_FOR"
SCHEME: Final = "HTTP_X_FORWARDED_PROTO"
HOST: Final = "HTTP_X_FORWARDED_HOST"
FORWARDED: Final = (CLIENT, SCHEME, HOST, "HTTP_X_FORWARDED_PORT", "HTTP_FORWARDED")


class TrustedProxiesMiddleware(EitherWayMiddleware):
    """Stands before all others: they find client, scheme and host as they really are."""

    def __call__(self, request: HttpRequest) -> Any:
        """Put the request's own fields in order, then hand it on."""
        settle(request.META, settings.TRUSTED_PROXIES)
        if settings.HTTPS:
            # the operator says that people come over https, whatever the last stretch speaks
            request.META[SCHEME] = "https"
        return self.get_response(request)


def settle(meta: dict[str, Any], trusted: Sequence[Network]) -> None:
    """Take over what a trusted proxy tells of the client, and take off what anybody else does.

    Of several values the last one counts, which the nearest proxy has written; of the clients in
    `X-Forwarded-For` the last one that is no trusted proxy itself.
    """
    told = {name: str(meta.pop(name)) for name in FORWARDED if name in meta}
    if not is_trusted(str(meta.get("REMOTE_ADDR", "")), trusted):
        return
    if client := _client(told.get(CLIENT, ""), trusted):
        meta["REMOTE_ADDR"] = client
    for name in (SCHEME, HOST):
        if value := told.get(name, "").rpartition(",")[2].strip():
            meta[name] = value


def is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    """Whether this is the address of one of the proxies."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return any((mapped or parsed) in network for network in trusted)


def _client(forwarded_for: str, trusted: Sequence[Network]) -> str:
    """The last address that no trusted proxy has; "" where there is none, or what is no address."""
    for text in reversed(forwarded_for.split(",")):
        address = _bare(text.strip())
        if not address:
            return ""
        if not is_trusted(address, trusted):
            return address
    return ""


def _bare(text: str) -> str:
    """The address without the port that some proxies write; "" where it is none."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""
