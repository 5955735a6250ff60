"""The audit trail: who changed what, from where, with the values before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rollcall.imports.models import AuditEntry

HIDDEN: Final = "•••"
"""What stands in the trail instead of a secret."""

_SECRET_WORDS = ("password", "secret", "token", "credential")


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
    """Write down one change, in the transaction of the change itself.

    The value of a field whose name speaks of a secret is written as `HIDDEN`.
    """
    entry = AuditEntry(
        actor=actor,
        source=source,
        action=action,
        target_type=target_type,
        target_id=target_id,
        target=target[:255],
        before=_safe(before or {}),
        after=_safe(after or {}),
        address=address,
    )
    entry.save()
    return entry


def _safe(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: HIDDEN if _is_secret(key) else value for key, value in values.items()}


def _is_secret(key: str) -> bool:
    return any(word in key.lower() for word in _SECRET_WORDS)
