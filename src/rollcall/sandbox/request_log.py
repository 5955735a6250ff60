"""What came in: a count of requests by route and status, and how the callers named themselves."""

from __future__ import annotations

import re
from collections import Counter

_ID = re.compile(r"/(?:\d+|[0-9a-f]{8}-[0-9a-f-]{27})(?=/|$)")


class Ledger:
    """Counts since the start, or since they were last cleared."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Begin anew."""
        self.routes: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.app_id: str | None = None
        self.partner_id: str | None = None

    def request(self, method: str, path: str, app_id: str | None, partner_id: str | None) -> None:
        """Note a request."""
        self.routes[f"{method} {_ID.sub('/{id}', path)}"] += 1
        self.app_id = app_id or self.app_id
        self.partner_id = partner_id or self.partner_id

    def as_json(self) -> dict[str, object]:
        """The counts as GET /_sandbox/requests answers them."""
        return {
            "total": self.routes.total(),
            "routes": dict(sorted(self.routes.items())),
            "statuses": dict(sorted(self.statuses.items())),
            "faults": dict(sorted(self.faults.items())),
            "app_id": self.app_id,
            "partner_id": self.partner_id,
        }
