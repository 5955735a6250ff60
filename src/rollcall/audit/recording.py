"""The audit trail: who changed what, from where, with the values before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import DateTimeField, F, JSONField, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject
from django.utils import timezone

from rollcall.audit.actions import Action
from rollcall.audit.models import AuditEntry
from rollcall.database.bulk_insert import insert_selected

HIDDEN: Final = "•••"
"""What stands in the trail instead of a secret."""

_SECRET_WORDS = ("password", "secret", "token", "credential")


def record(
    *,
    actor: str,
    source: str,
    action: Action,
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


def record_each(
    rows: QuerySet[Any],
    *,
    actor: str,
    source: str,
    action: Action,
    target_type: str,
    target: str,
    before: Mapping[str, str],
    after: Mapping[str, Any],
    address: str = "",
) -> int:
    """Write down that all these rows change in the same way: one statement, an entry for each.

    `target` and the values of `before` are names of fields of the rows, which must still have the
    values before. Neither side may hold secrets. How many entries were written.
    """
    columns: dict[str, Combinable] = {
        "at": Value(timezone.now(), output_field=DateTimeField()),
        "actor": Value(actor),
        "source": Value(source),
        "address": Value(address),
        "action": Value(action),
        "target_type": Value(target_type),
        "target_id": F("pk"),
        "target": F(target),
        "before": JSONObject(**{key: F(field) for key, field in before.items()})
        if before
        else Value({}, output_field=JSONField()),
        "after": Value(dict(after), output_field=JSONField()),
    }
    return insert_selected(AuditEntry, rows, columns)


def _safe(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: HIDDEN if _is_secret(key) else value for key, value in values.items()}


def _is_secret(key: str) -> bool:
    return any(word in key.lower() for word in _SECRET_WORDS)
