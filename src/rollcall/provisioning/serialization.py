"""Changes as JSON-able data, for those who keep or send them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from rollcall.provisioning.change import Change, FieldChange, Kind, ManagerLink
from rollcall.provisioning.consent import Takeover
from rollcall.provisioning.reason import Reason

PARTS = tuple(part.name for part in dataclasses.fields(Change))
"""The names under which a change's parts are written down: its own."""


def change_to_record(change: Change) -> dict[str, Any]:
    """The change as JSON-able data, every field of it under its own name."""
    link = change.manager
    return {
        "kind": change.kind.value,
        "employee_id": change.employee_id,
        "name": change.name,
        "email": change.email,
        "reason": change.reason.to_record(),
        "user_id": change.user_id,
        "fields": [list(field) for field in change.fields],
        "external_id": change.external_id,
        "manager": link and {"user_id": link.user_id, "employee_id": link.employee_id},
        "wave": change.wave,
        "with_whom": list(change.with_whom),
        "warnings": [warning.to_record() for warning in change.warnings],
        "row": change.row,
        "takeover": change.takeover and change.takeover.to_record(),
    }


def fields_from_record(record: Iterable[Iterable[Any]]) -> tuple[FieldChange, ...]:
    """The fields of a change, as `change_to_record` wrote them down."""
    # By the named tuple itself: a plan has a dozen of them a person.
    return tuple(map(FieldChange._make, record))


def change_from_record(record: Mapping[str, Any]) -> Change:
    """The change that `change_to_record` wrote down.

    Raises:
        KeyError: a part is missing.
        ValueError: the kind is none that this version knows.
    """
    return Change(
        kind=Kind(record["kind"]),
        employee_id=record["employee_id"],
        name=record["name"],
        email=record["email"],
        reason=Reason.from_record(record["reason"]),
        user_id=record["user_id"] or None,  # a column keeps "" for none
        fields=fields_from_record(record["fields"]),
        external_id=record["external_id"] or None,
        manager=link_from_record(record["manager"]),
        wave=record["wave"],
        with_whom=tuple(record["with_whom"]),
        warnings=tuple(Reason.from_record(warning) for warning in record["warnings"]),
        row=record["row"],
        takeover=takeover_from_record(record["takeover"]),
    )


def takeover_from_record(record: Mapping[str, Any] | None) -> Takeover | None:
    """The takeover of a change, as `change_to_record` wrote it down."""
    return Takeover.from_record(record) if record else None


def link_from_record(record: Mapping[str, Any] | None) -> ManagerLink | None:
    """The manager of a change, as `change_to_record` wrote it down.

    Raises:
        KeyError: a part is missing.
    """
    return ManagerLink(record["user_id"], record["employee_id"]) if record else None
