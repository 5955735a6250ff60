"""The audit trail: who changed what, from where, with the values before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rollcall.imports.models import AuditEntry


def record(
    *,
    actor: str,
    source: str,
    action: str,
    target_type: str = "",
    target_id: str = "",
    target: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    address: str = "",
) -> AuditEntry:
    """Write down one change, in the transaction of the change itself."""
    entry = AuditEntry(
        actor=actor,
        source=source,
        action=action,
        target_type=target_type,
        target_id=target_id,
        target=target[:255],
        before=dict(before or {}),
        after=dict(after or {}),
        address=address,
    )
    entry.save()
    return entry
